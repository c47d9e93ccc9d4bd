// Compiles every module of a folder in CPython as Pyodide brings it, for machines without a Python
// of Lambda's version. Arguments: the folder, where Lambda unpacks it, the version to have.
import { loadPyodide } from "pyodide";

const [folder, unpackedAt, version] = process.argv.slice(2);
const python = await loadPyodide();
python.FS.mkdirTree(unpackedAt);
python.mountNodeFS(unpackedAt, folder);
python.globals.set("folder", unpackedAt);
const brought = python.runPython('import sys; "%d.%d" % sys.version_info[:2]');
if (brought !== version) {
  console.error(`Pyodide brings Python ${brought}, not ${version}`);
  process.exit(1);
}
const done = python.runPython(`
import compileall, py_compile
unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
bool(compileall.compile_dir(folder, maxlevels=99, quiet=1, invalidation_mode=unchecked))
`);
process.exit(done ? 0 : 1);
