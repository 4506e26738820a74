//! Hashes against those that `sha256sum` and `git hash-object` print.

use alexnet_live::error::{Error, Result};
use alexnet_live::models::{Hash, WeightSource};
use alexnet_live::weights::{Source, verify};

use super::deep_compression::published_squeezenet;

const TEXT: &[u8] = b"hello\n";
const GIT: &str = "ce013625030ba8dba906f756967f9e9ca394464a";
const SHA256: &str = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";

fn published(hash: Hash) -> WeightSource {
    WeightSource {
        format: "pytorch",
        url: None,
        file: "hello.pth",
        bytes: 6,
        hash,
        embedded: false,
        cors: false,
        own: None,
    }
}

fn check(source: &dyn Source, published: Option<&WeightSource>) -> Result<String> {
    let published = published.map(WeightSource::expected_hash);
    pollster::block_on(verify(source, published, &mut |_| true))
}

#[test]
fn published_hashes() {
    for published in [None, Some(Hash::Sha256(SHA256)), Some(Hash::GitBlob(GIT))] {
        let published = published.map(self::published);
        assert_eq!(check(&TEXT, published.as_ref()).unwrap(), SHA256);
    }
}

#[test]
fn a_difference_is_told() {
    for (hash, what, found) in [
        (Hash::Sha256(GIT), "sha-256", SHA256),
        (Hash::GitBlob(SHA256), "git blob", GIT),
    ] {
        let (Hash::Sha256(expected) | Hash::GitBlob(expected)) = hash;
        let error = check(&TEXT, Some(&published(hash))).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "the {what} of hello.pth should be {expected}, but is {found}: download it again"
            )
        );
    }
}

#[test]
#[ignore = "needs the published SqueezeNet: SQUEEZENET_NET"]
fn the_published_squeezenet_is_what_the_registry_says() {
    let file = alexnet_live::weights::FileSource::open(published_squeezenet()).unwrap();
    let model = alexnet_live::models::find("squeezenet-1.0").unwrap();
    check(&file, Some(&model.weights[0])).unwrap();
}

#[test]
fn progress_is_told_and_can_stop() {
    let bytes = vec![0; 3 << 20];
    let mut seen = Vec::new();
    let stopped = pollster::block_on(verify(&bytes, None, &mut |done| {
        seen.push(done);
        seen.len() < 2
    }));
    assert_eq!(stopped, Err(Error::Stopped.into()));
    assert_eq!(seen, [1 << 20, 2 << 20]);
}
