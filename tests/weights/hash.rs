//! Hashes against those that `sha256sum` and `git hash-object` print.

use alexnet_live::error::Error;
use alexnet_live::weights::Hash;

const TEXT: &[u8] = b"hello\n";
const GIT: &str = "ce013625030ba8dba906f756967f9e9ca394464a";
const SHA256: &str = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";

#[test]
fn published_hashes() {
    let on = &mut |_| true;
    assert_eq!(Hash::Sha256.of(&TEXT, on).unwrap(), SHA256);
    assert_eq!(Hash::GitBlob.of(&TEXT, on).unwrap(), GIT);
    Hash::GitBlob
        .verify("hello.txt", &TEXT, 6, &GIT.to_uppercase(), on)
        .unwrap();
}

#[test]
fn a_difference_is_told() {
    let on = &mut |_| true;
    let length = Hash::Sha256
        .verify("hello.txt", &TEXT, 7, SHA256, on)
        .unwrap_err();
    assert_eq!(
        length.to_string(),
        "the length of hello.txt should be 7, but is 6: download it again"
    );
    let hash = Hash::Sha256
        .verify("hello.txt", &TEXT, 6, GIT, on)
        .unwrap_err();
    assert!(matches!(
        hash,
        Error::Integrity {
            what: "sha-256",
            ..
        }
    ));
}

#[test]
fn progress_is_told_and_can_stop() {
    let bytes = vec![0; 3 << 20];
    let mut seen = Vec::new();
    let stopped = Hash::Sha256.of(&bytes, &mut |done| {
        seen.push(done);
        seen.len() < 2
    });
    assert_eq!(stopped, Err(Error::Stopped));
    assert_eq!(seen, [1 << 20, 2 << 20]);
}
