//! The published files, from `tests/golden/onnx_published.tar.xz`.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::LazyLock;

/// Bytes by path.
static FILES: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
    let packed = crate::weights::golden_in("", "onnx_published.tar.xz");
    let mut unpacked = Vec::new();
    lzma_rs::xz_decompress(&mut &packed[..], &mut unpacked).expect("xz");
    let mut archive = tar::Archive::new(&unpacked[..]);
    let mut files = BTreeMap::new();
    for entry in archive.entries().expect("tar") {
        let mut entry = entry.expect("a file");
        let path = entry.path().expect("a path").display().to_string();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("a whole file");
        files.insert(path, bytes);
    }
    files
});

/// A file by its path in the package.
pub fn find(path: &str) -> Option<&'static [u8]> {
    FILES.get(path).map(Vec::as_slice)
}

/// Names of the cases in a folder.
pub fn cases(folder: &str) -> Vec<&'static str> {
    let model = |path: &'static String| {
        let case = path.strip_prefix(folder)?.strip_prefix('/')?;
        case.strip_suffix("/model.onnx")
    };
    FILES.keys().filter_map(model).collect()
}
