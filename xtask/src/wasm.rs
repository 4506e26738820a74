//! The page's WebAssembly module and the JavaScript that loads it.

use std::collections::BTreeMap;
use std::fs;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::licences;
use crate::run::{root, shown, step};
use crate::setup::{WASM_TARGET, wasm_cargo};

/// Builds www/pkg/alexnet_live.js and alexnet_live_bg.wasm, with the licences of what is in it.
pub fn build() -> Result<()> {
    let mut command = wasm_cargo()?;
    step("building the WebAssembly module (the first time takes minutes)");
    command
        .args(["build", "--lib", "--profile", "web"])
        .args(["--target", WASM_TARGET])
        // Tells where the module is, wherever the target folder is.
        .arg("--message-format=json-render-diagnostics")
        .stderr(Stdio::inherit());
    let output = command.output().context("cannot run cargo")?;
    ensure!(output.status.success(), "{} failed", shown(&command));
    let module = String::from_utf8(output.stdout)?
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|message| Some(message["filenames"].as_array()?.clone()))
        .flatten()
        .filter_map(|file| file.as_str().map(str::to_owned))
        .find(|file| file.ends_with("alexnet_live.wasm"))
        .context("cargo built no alexnet_live.wasm")?;

    let package = root().join("www/pkg");
    if package.exists() {
        fs::remove_dir_all(&package)?;
    }
    let mut output = Bindgen::new()
        .input_path(module)
        .web(true)?
        .omit_default_module_path(false)
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()
        .context("wasm-bindgen failed")?;
    let imports = output.wasm().imports.iter();
    let names = without_hashes(imports.map(|import| import.name.clone()));
    for import in output.wasm_mut().imports.iter_mut() {
        import.name.clone_from(&names[&import.name]);
    }
    output.emit(&package)?;
    let loader = package.join("alexnet_live.js");
    let mut script = fs::read_to_string(&loader)?;
    for (long, short) in &names {
        script = script.replace(long, short);
    }
    fs::write(loader, script)?;
    fs::write(package.join("licences.json"), licences::of_module()?)?;
    Ok(())
}

/// Shorter names for imports. wasm-bindgen ends each with a hash of 16 digits, so
/// that modules may share a loader; ours has one of its own, and digits without
/// order are what gzip cannot shorten, here and in the loader. Names that would be
/// the same are numbered.
fn without_hashes(names: impl Iterator<Item = String>) -> BTreeMap<String, String> {
    let mut long: Vec<String> = names.collect();
    long.sort();
    let mut counts = BTreeMap::new();
    let shortened = long.into_iter().map(|name| {
        let is_hash = |end: &str| end.len() == 16 && end.bytes().all(|b| b.is_ascii_hexdigit());
        let short = match name.rsplit_once('_') {
            Some((short, end)) if is_hash(end) => short.to_owned(),
            _ => return (name.clone(), name),
        };
        let count = counts.entry(short.clone()).or_insert(0);
        *count += 1;
        (name, format!("{short}_{count}"))
    });
    shortened.collect()
}

#[cfg(test)]
mod tests {
    use super::without_hashes;

    #[test]
    fn imports_keep_their_names_and_stay_apart() {
        let names = [
            "__wbg_set_f2fc6f1ad2b0ba5d",
            "__wbg_set_000c6f1ad2b0ba5d",
            "__wbg_limits_00112233445566ff",
            "__wbindgen_init_externref_table",
            "__wbindgen_cast_0000000000000001",
        ];
        let short = without_hashes(names.iter().map(|name| (*name).to_owned()));
        let of = |index: usize| short[names[index]].as_str();
        assert_eq!(
            [0, 1, 2].map(of),
            ["__wbg_set_2", "__wbg_set_1", "__wbg_limits_1"]
        );
        assert_eq!(
            [3, 4].map(of),
            ["__wbindgen_init_externref_table", "__wbindgen_cast_1"]
        );
    }
}
