//! Names of a network's outputs, from a file.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// Reads a text with a name a line, a JSON list, or `id2label` of Hugging Face's
/// `config.json`.
pub fn read(path: &Path) -> Result<Vec<String>> {
    let read = || {
        let text = fs::read_to_string(path)?;
        let text = text.trim_start_matches('\u{feff}').trim_end();
        match text.trim_start().starts_with(['{', '[']) {
            true => of_json(&serde_json::from_str(text)?),
            false => Ok(text.lines().map(|line| line.trim().to_owned()).collect()),
        }
    };
    let labels: Result<Vec<String>> = read();
    labels.with_context(|| format!("--labels: {}", path.display()))
}

fn of_json(value: &Value) -> Result<Vec<String>> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let labels = match value {
        Value::Array(labels) => return Ok(labels.iter().map(text).collect()),
        Value::Object(fields) => match fields.get("id2label").or(fields.get("label_names")) {
            Some(Value::Array(labels)) => return Ok(labels.iter().map(text).collect()),
            Some(Value::Object(labels)) => labels,
            _ => fields,
        },
        _ => bail!("it holds no list of names"),
    };
    // By index: {"0": "cat", "1": "dog"}.
    let label = |index: usize| labels.get(&index.to_string()).map(text);
    let all: Option<Vec<String>> = (0..labels.len()).map(label).collect();
    all.context("its names have no indices from 0 on: expected id2label")
}
