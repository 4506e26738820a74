//! The licences of the crates that are compiled into the page's module, for the
//! notices that go with the page (vite.config.js).

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::run::{cargo, output_of};
use crate::setup::WASM_TARGET;

/// A list of `{ name, version, licence, text }`, as JSON.
pub fn of_module() -> Result<String> {
    let metadata = output_of(
        cargo()
            .args(["metadata", "--format-version", "1"])
            .args(["--filter-platform", WASM_TARGET]),
    )?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let id = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let packages: HashMap<String, Value> = list(&metadata["packages"])
        .into_iter()
        .map(|package| (id(&package["id"]), package))
        .collect();
    let needs: HashMap<String, Value> = list(&metadata["resolve"]["nodes"])
        .into_iter()
        .map(|node| (id(&node["id"]), node["deps"].clone()))
        .collect();

    let ours = packages.iter().find(|(_, p)| p["name"] == "alexnet-live");
    let mut open = vec![ours.context("the crate itself")?.0.clone()];
    let mut found: HashSet<String> = open.iter().cloned().collect();
    while let Some(package) = open.pop() {
        for dependency in list(&needs[&package]) {
            // Neither for building nor for testing.
            let kinds = list(&dependency["dep_kinds"]);
            let package = id(&dependency["pkg"]);
            if kinds.iter().any(|kind| kind["kind"].is_null()) && found.insert(package.clone()) {
                open.push(package);
            }
        }
    }

    let foreign = found.iter().map(|id| &packages[id]);
    let mut entries: Vec<Value> = foreign
        .filter(|package| !package["source"].is_null())
        .map(|package| {
            let manifest = Path::new(package["manifest_path"].as_str().unwrap_or_default());
            json!({
                "name": package["name"],
                "version": package["version"],
                "licence": package["license"],
                "text": manifest.parent().and_then(text_in),
            })
        })
        .collect();
    entries.sort_by_key(|entry| id(&entry["name"]));
    Ok(serde_json::to_string(&entries)?)
}

/// The licence in a folder; of several to choose from MIT's, the shortest.
fn text_in(folder: &Path) -> Option<String> {
    let files = fs::read_dir(folder).ok()?.flatten();
    let mut names: Vec<String> = files
        .filter(|file| file.path().is_file())
        .filter_map(|file| file.file_name().into_string().ok())
        .filter(|name| {
            let name = name.to_ascii_uppercase();
            ["LICENSE", "LICENCE", "COPYING"]
                .iter()
                .any(|start| name.starts_with(start))
        })
        .collect();
    names.sort_by_key(|name| (!name.to_ascii_uppercase().contains("MIT"), name.clone()));
    fs::read_to_string(folder.join(names.first()?)).ok()
}

#[cfg(test)]
mod tests {
    use super::of_module;
    use serde_json::Value;

    #[test]
    fn crates_of_the_module_have_licences() {
        let entries: Vec<Value> = serde_json::from_str(&of_module().unwrap()).unwrap();
        let named = |name: &str| entries.iter().find(|entry| entry["name"] == name);
        let wgpu = named("wgpu").expect("compiled into the module");
        assert_eq!(wgpu["licence"], "MIT OR Apache-2.0");
        assert!(
            wgpu["text"]
                .as_str()
                .unwrap()
                .contains("Permission is hereby granted")
        );
        for absent in ["alexnet-live", "clap", "image", "arbtest"] {
            assert!(named(absent).is_none(), "{absent} is not in the module");
        }
        for entry in &entries {
            assert!(
                entry["licence"].is_string() || entry["text"].is_string(),
                "{entry}"
            );
        }
    }
}
