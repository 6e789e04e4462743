//! Sets the linker flags that a Node addon needs on each platform. Nothing is generated here.

fn main() {
    napi_build::setup();
}
