//! Hashes against those that `sha256sum` and `git hash-object` print.

use alexnet_live::error::Error;
use alexnet_live::models::{Hash, WeightSource};
use alexnet_live::weights::{git_blob, sha256, verify};

use super::deep_compression::published_squeezenet;

const TEXT: &[u8] = b"hello\n";
const GIT: &str = "ce013625030ba8dba906f756967f9e9ca394464a";
const SHA256: &str = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";

#[test]
fn published_hashes() {
    assert_eq!(sha256(&TEXT, &mut |_| true).unwrap(), SHA256);
    assert_eq!(git_blob(&TEXT, &mut |_| true).unwrap(), GIT);
}

#[test]
fn a_difference_is_told() {
    let published = |hash| WeightSource {
        format: "pytorch",
        url: None,
        file: "hello.pth",
        bytes: 6,
        hash,
        embedded: false,
        cors: false,
    };
    verify(&published(Hash::Sha256(SHA256)), &TEXT, &mut |_| true).unwrap();
    verify(&published(Hash::GitBlob(GIT)), &TEXT, &mut |_| true).unwrap();
    let error = verify(&published(Hash::Sha256(GIT)), &TEXT, &mut |_| true).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("the sha-256 of hello.pth should be {GIT}, but is {SHA256}: download it again")
    );
}

#[test]
fn the_published_squeezenet_is_what_the_registry_says() {
    if let Some(path) = published_squeezenet() {
        let file = alexnet_live::weights::FileSource::open(path).unwrap();
        let model = alexnet_live::models::find("squeezenet-1.0").unwrap();
        verify(&model.weights[0], &file, &mut |_| true).unwrap();
    }
}

#[test]
fn progress_is_told_and_can_stop() {
    let bytes = vec![0; 3 << 20];
    let mut seen = Vec::new();
    let stopped = sha256(&bytes, &mut |done| {
        seen.push(done);
        seen.len() < 2
    });
    assert_eq!(stopped, Err(Error::Stopped));
    assert_eq!(seen, [1 << 20, 2 << 20]);
}
