//! How the runtime starts and how an interpreter is created. Plain data.

use super::host::Output;

/// How CPython is started in this process: once, the first call decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StartOptions {
    /// The Python executable that was found: a venv's own, so that `site` adds its packages.
    pub executable: String,
    /// Directories to put in front of every interpreter's `sys.path`.
    pub path: Vec<String>,
    /// Environment variables to set for Python (`PYTHON*` among them), before it starts.
    pub env: Vec<(String, String)>,
}

/// What an interpreter shares with the others (PEP 684).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Isolation {
    /// A GIL of its own: runs on a core of its own. Refuses extension modules that cannot.
    #[default]
    OwnGil,
    /// Shares the main interpreter's GIL: takes extension modules that only mind the GIL.
    SharedGil,
}

impl Isolation {
    /// As Node and Python show it; `None` is the main interpreter's.
    pub fn as_str(isolation: Option<Self>) -> &'static str {
        match isolation {
            Some(Self::OwnGil) => "own-gil",
            Some(Self::SharedGil) => "shared-gil",
            None => "main",
        }
    }
}

/// How an interpreter is created.
#[derive(Clone, Debug, Default)]
pub struct CreateOptions {
    /// A name, unique among the living; made up if `None`.
    pub name: Option<String>,
    /// What it shares.
    pub isolation: Isolation,
    /// Serial execution mode: Python code inside may not start threads.
    pub serial: bool,
    /// Directories to put in front of its `sys.path`.
    pub path: Vec<String>,
    /// Its `sys.argv`; `['']` if `None`.
    pub argv: Option<Vec<String>>,
    /// Its `sys.stdout`.
    pub stdout: Output,
    /// Its `sys.stderr`.
    pub stderr: Output,
}
