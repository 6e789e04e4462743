//! Sets the linker flags that a Node addon needs, and embeds the Python sources in a table.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    napi_build::setup();
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("python");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut modules = Vec::new();
    collect(&root, "", &mut modules)?;
    modules.sort();
    let mut table =
        String::from("/// Modules by full name, sorted.\nstatic SOURCES: &[(&str, Source)] = &[\n");
    for (name, path, is_package) in modules {
        let path = path.display().to_string();
        let _ = writeln!(
            table,
            "({name:?}, Source {{ text: include_str!({path:?}), is_package: {is_package} }}),"
        );
    }
    table.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("sources.rs"), table)
}

/// Every `.py` file below `directory` with its module name and whether it is a package.
fn collect(
    directory: &Path,
    prefix: &str,
    modules: &mut Vec<(String, PathBuf, bool)>,
) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let stem = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let name = if prefix.is_empty() {
            stem.clone()
        } else {
            format!("{prefix}.{stem}")
        };
        if path.is_dir() {
            if path.join("__init__.py").exists() {
                collect(&path, &name, modules)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "py") {
            let is_package = stem == "__init__";
            modules.push((
                if is_package { prefix.to_owned() } else { name },
                path,
                is_package,
            ));
        }
    }
    Ok(())
}
