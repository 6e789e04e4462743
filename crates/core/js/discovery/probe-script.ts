// The question put to a candidate, in Python. Runs under `-I -S`, on any Python 3: no imports that cost, no f-strings.

/** Stands before the answer, so that whatever a wrapper script prints around it does no harm. */
export const MARKER = 'multicore-python-probe:';

/**
 * Prints one line of JSON. Why so low-level: importing `json` costs 9 ms and `sysconfig` 5 ms, where all of the
 * rest takes 11 ms; `_sysconfigdata_…` is what `sysconfig` itself reads.
 */
export const PROBE_SCRIPT: string = `
import sys
def build():
    if sys.platform != 'win32':
        name = '_sysconfigdata_%s_%s_%s' % (getattr(sys, 'abiflags', ''), sys.platform, getattr(sys.implementation, '_multiarch', ''))
        try:
            return __import__(name).build_time_vars
        except Exception:
            pass
    try:
        import sysconfig
        return sysconfig.get_config_vars()
    except Exception:
        return {}
def text(value):
    if value is None:
        return 'null'
    if isinstance(value, int):
        return str(int(value))
    units = str(value).encode('utf-16-be', 'surrogatepass')
    return '"' + ''.join('\\\\u%02x%02x' % (units[i], units[i + 1]) for i in range(0, len(units), 2)) + '"'
v = build()
std = getattr(sys, '_stdlib_dir', None)
if not std:
    import os
    std = os.path.dirname(os.__file__)
lib = [p for p in sys.path if p.replace('\\\\', '/').endswith(('/lib-dynload', '/DLLs'))]
out = {
    'implementation': sys.implementation.name,
    'major': sys.version_info[0], 'minor': sys.version_info[1], 'micro': sys.version_info[2],
    'releaseLevel': sys.version_info[3],
    'executable': sys.executable, 'basePrefix': sys.base_prefix,
    'stdlib': std, 'dynload': lib[0] if lib else None,
    'platform': sys.platform, 'bits': 64 if sys.maxsize > 2**32 else 32,
    'freeThreaded': 1 if v.get('Py_GIL_DISABLED') else 0,
    'abiFlags': getattr(sys, 'abiflags', ''),
    'soabi': v.get('SOABI'), 'multiarch': v.get('MULTIARCH'),
    'ldLibrary': v.get('LDLIBRARY'), 'instSoname': v.get('INSTSONAME'), 'libDir': v.get('LIBDIR'),
    'framework': v.get('PYTHONFRAMEWORK'), 'frameworkPrefix': v.get('PYTHONFRAMEWORKPREFIX'),
}
print('${MARKER}{' + ','.join(text(k) + ':' + text(out[k]) for k in out) + '}')
`;
