// Runs pytest in CPython as Pyodide brings it, compiled for WebAssembly: it has no threads and no
// sockets. Arguments: the repository, a folder with pytest, then pytest's own.
import { loadPyodide } from "pyodide";

const [repository, packages, ...args] = process.argv.slice(2);
const python = await loadPyodide({ env: { HOME: "/home/pyodide", PYTHONDONTWRITEBYTECODE: "1" } });
python.mountNodeFS("/repository", repository);
python.mountNodeFS("/packages", packages);
python.globals.set("args", args);
const code = python.runPython(`
import os, sys
sys.path.append("/packages")
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
os.chdir("/repository")
sys.path.insert(0, "/repository/lambda")
import audience_uploader.handler
print("Python", sys.version)
import pytest
int(pytest.main(list(args)))
`);
process.exit(code);
