//! Sets the linker flags that a Node addon needs, and embeds the Python sources in a table; those that every
//! program needs also compiled, by each CPython that is found here (`MULTICORE_BUILD_PYTHONS` or `PATH`).

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// What starting takes, and what programs import most.
const COMPILED: [&str; 16] = [
    "multicore",
    "multicore._amend",
    "multicore._bootstrap",
    "multicore._calls",
    "multicore._coroutines",
    "multicore._mend",
    "multicore._once",
    "multicore._queues",
    "multicore._site",
    "multicore._site_stand_in",
    "multicore._support",
    "multicore._unbound",
    "multicore._warm",
    "multicore.channels",
    "multicore.interpreters",
    "multicore.sync",
];

/// Writes the magic number of its bytecode, and for each pair of a name and a file its code: lengths
/// in four bytes, then what they are of.
const COMPILER: &str = r#"
import _imp, importlib.util, marshal, sys
assert sys.version_info[:2] >= (3, 13) and sys.implementation.name == "cpython"
out = sys.stdout.buffer
out.write(importlib.util.MAGIC_NUMBER)
for name, file in zip(sys.argv[1::2], sys.argv[2::2]):
    with open(file, encoding="utf-8") as source:
        code = compile(source.read(), f"<{name}>", "exec", dont_inherit=True, optimize=0)
    for part in (name.encode(), marshal.dumps(code)):
        out.write(len(part).to_bytes(4, "little"))
        out.write(part)
"#;

fn main() -> io::Result<()> {
    napi_build::setup();
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("python");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut modules = Vec::new();
    collect(&root, "", &mut modules)?;
    modules.sort();
    let mut table =
        String::from("/// Modules by full name, sorted.\nstatic SOURCES: &[(&str, Source)] = &[\n");
    for (name, path, is_package) in &modules {
        let path = path.display().to_string();
        let _ = writeln!(
            table,
            "({name:?}, Source {{ text: include_str!({path:?}), is_package: {is_package} }}),"
        );
    }
    table.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    table.push_str(&compile(&modules, &out)?);
    fs::write(out.join("sources.rs"), table)
}

/// Those on `PATH`, and those that pyenv keeps.
fn pythons_here() -> Vec<PathBuf> {
    let minors = ["3.13", "3.14", "3.15"];
    let mut pythons: Vec<PathBuf> = minors.map(|minor| format!("python{minor}").into()).to_vec();
    // As they are called on Windows, if not in a folder of their own.
    pythons.extend(["python3", "python"].map(PathBuf::from));
    let root = env::var_os("PYENV_ROOT").map(PathBuf::from);
    let root = root.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".pyenv")));
    let versions = root.and_then(|root| fs::read_dir(root.join("versions")).ok());
    for version in versions.into_iter().flatten().flatten() {
        let name = version.file_name().to_string_lossy().into_owned();
        if minors.iter().any(|minor| name.starts_with(minor)) {
            pythons.push(version.path().join("bin").join("python3"));
        }
    }
    pythons
}

/// The table of what each CPython here compiled; empty if there is none: then it is done at run time.
fn compile(modules: &[(String, PathBuf, bool)], out: &Path) -> io::Result<String> {
    const PYTHONS: &str = "MULTICORE_BUILD_PYTHONS";
    println!("cargo::rerun-if-env-changed={PYTHONS}");
    let pythons: Vec<PathBuf> = match env::var_os(PYTHONS) {
        Some(list) => env::split_paths(&list).collect(),
        None => pythons_here(),
    };
    let chosen = modules
        .iter()
        .filter(|(name, ..)| COMPILED.contains(&name.as_str()));
    let arguments: Vec<&std::ffi::OsStr> = chosen
        .flat_map(|(name, path, _)| [name.as_ref(), path.as_os_str()])
        .collect();
    let mut table = String::from(
        "/// Code by the magic numbers of bytecode.\nstatic PRECOMPILED: &[([u8; 4], &[u8])] = &[\n",
    );
    let mut known = Vec::new();
    for python in pythons {
        // `-I -S`: what is installed beside it has no say.
        let ran = Command::new(&python)
            .args(["-I", "-S", "-c", COMPILER])
            .args(&arguments)
            .output();
        let Ok(output) = ran else { continue };
        let Some((magic, code)) = output.stdout.split_first_chunk::<4>() else {
            continue;
        };
        if !output.status.success() || known.contains(magic) {
            continue;
        }
        known.push(*magic);
        let path = out.join(format!("code-{}.bin", known.len()));
        fs::write(&path, code)?;
        let path = path.display().to_string();
        let _ = writeln!(table, "({magic:?}, include_bytes!({path:?})),");
    }
    table.push_str("];\n");
    Ok(table)
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
