//! The size of dist/, against what a visitor may be asked to download.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;

/// Most kilobytes (1,000 bytes) of gzip in WebAssembly.
const WASM_BUDGET: u64 = 540;
/// Most kilobytes of gzip in the code that classifies and trains.
const CODE_BUDGET: u64 = 700;
/// Beginnings of the names of what is fetched only when a visitor opens it.
const LATER: [&str; 4] = ["inside-view-", "paper-view-", "trust-badge-", "why-view-"];

#[derive(Debug, PartialEq, Clone, Copy)]
enum Kind {
    Wasm,
    Code,
    Later,
    Text,
    Media,
    Weights,
}

impl Kind {
    fn of(file: &Path) -> Kind {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if LATER.iter().any(|beginning| name.starts_with(beginning)) {
            return Kind::Later;
        }
        match file.extension().and_then(|extension| extension.to_str()) {
            Some("wasm") => Kind::Wasm,
            Some("safetensors") => Kind::Weights,
            Some("json" | "txt" | "wgsl") => Kind::Text, // fetched by language, or to be read
            Some("jpg" | "jpeg" | "png" | "webp" | "avif") => Kind::Media,
            Some("gz") => Kind::Media, // pictures to train with
            _ => Kind::Code,
        }
    }
}

struct Entry {
    file: PathBuf,
    kind: Kind,
    raw: u64,
    gzip: u64,
}

/// Prints the size of every file in the folder; fails if a budget is exceeded.
pub fn report(folder: &Path) -> Result<()> {
    let mut entries = Vec::new();
    collect(folder, &mut entries)?;
    entries.sort_by(|a, b| a.file.cmp(&b.file));

    println!(
        "{:>12} {:>12}  file (bytes; gzip -9, as files compressed beforehand are)",
        "raw", "gzip"
    );
    for entry in &entries {
        let name = entry.file.strip_prefix(folder)?.display();
        println!("{:>12} {:>12}  {name}", entry.raw, entry.gzip);
    }

    let total = |name: &str, counts: fn(Kind) -> bool, budget: Option<u64>| -> Result<()> {
        let counted = || entries.iter().filter(|entry| counts(entry.kind));
        let raw: u64 = counted().map(|entry| entry.raw).sum();
        let gzip: u64 = counted().map(|entry| entry.gzip).sum();
        let limit = budget.map_or(String::new(), |budget| {
            format!(" (at most {budget} KB gzip)")
        });
        println!("{raw:>12} {gzip:>12}  = {name}{limit}");
        ensure!(
            budget.is_none_or(|budget| gzip <= budget * 1000),
            "{name} takes {gzip} bytes of gzip, more than its budget of {} KB: see the list above",
            budget.unwrap_or_default()
        );
        Ok(())
    };
    total("everything", |_| true, None)?;
    total("texts, of both languages", |kind| kind == Kind::Text, None)?;
    total("WebAssembly", |kind| kind == Kind::Wasm, Some(WASM_BUDGET))?;
    total(
        "code of the paper and of looking inside, fetched when opened",
        |kind| kind == Kind::Later,
        None,
    )?;
    let code = |kind| matches!(kind, Kind::Wasm | Kind::Code);
    total("code to classify and train", code, Some(CODE_BUDGET))
}

fn collect(folder: &Path, entries: &mut Vec<Entry>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("no {}", folder.display()))? {
        let file = entry?.path();
        if file.is_dir() {
            collect(&file, entries)?;
            continue;
        }
        let mut gzip = GzEncoder::new(Counter(0), Compression::best());
        let raw = io::copy(&mut File::open(&file)?, &mut gzip)?;
        let kind = Kind::of(&file);
        let gzip = gzip.finish()?.0;
        entries.push(Entry {
            file,
            kind,
            raw,
            gzip,
        });
    }
    Ok(())
}

/// Counts the bytes written to it.
struct Counter(u64);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{WASM_BUDGET, report};
    use std::fs;

    #[test]
    fn budgets_are_held() {
        let folder = std::env::temp_dir().join(format!("xtask-sizes-{}", std::process::id()));
        fs::create_dir_all(folder.join("assets")).unwrap();
        // Noise, which gzip cannot make smaller.
        let mut state = 1u32;
        let noise: Vec<u8> = (0..(WASM_BUDGET + 1) * 1000)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8
            })
            .collect();

        fs::write(folder.join("index.html"), "small").unwrap();
        fs::write(folder.join("assets/model.safetensors"), &noise).unwrap();
        let within = report(&folder);
        fs::write(folder.join("assets/module.wasm"), &noise).unwrap();
        let over = report(&folder);
        fs::remove_dir_all(&folder).unwrap();

        within.unwrap();
        let message = over.unwrap_err().to_string();
        assert!(message.starts_with("WebAssembly takes"), "{message}");
    }
}
