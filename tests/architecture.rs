//! Which part of `src/` uses which. ARCHITECTURE.md draws the levels; this test reads
//! the drawing and the code, so that neither can go its own way.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Parts by name with their level, the lowest being the largest number.
type Levels = BTreeMap<String, usize>;

/// The levels that ARCHITECTURE.md draws: between the lines `levels, from the top` and
/// the end of the block, the names before the first `|` of each line.
fn drawn() -> Levels {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let block = text.split("```levels\n").nth(1).expect("a block of levels");
    let lines = block.split("```").next().expect("its end").lines();
    let names = lines.map(|line| line.split('|').next().unwrap_or_default());
    names
        .enumerate()
        .flat_map(|(level, names)| names.split_whitespace().map(move |name| (name, level)))
        .map(|(name, level)| (name.to_owned(), level))
        .collect()
}

/// An arrow of the code: the file, its part, and the part that it uses.
struct Arrow {
    file: PathBuf,
    from: String,
    to: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files of a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("a readable folder").path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => files(&path),
            false => vec![path],
        })
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect()
}

/// The part that a file of `src/` belongs to: its folder, or itself.
fn part(file: &Path) -> String {
    let within = file
        .strip_prefix(root().join("src"))
        .expect("a file of src");
    let first = Path::new(within.iter().next().expect("a name"));
    let stem = first.file_stem().expect("a name");
    stem.to_string_lossy().into_owned()
}

/// Code without comments.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).expect("a file");
    let lines = text.lines().map(|line| match line.find("//") {
        Some(comment) => &line[..comment],
        None => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The names behind each `prefix` in the code: `prefix::name` and `prefix::{a, b}`.
fn used(code: &str, prefix: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        let letters = |letter: &char| letter.is_alphanumeric() || *letter == '_';
        text.trim_start().chars().take_while(letters).collect()
    };
    let mut found = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        let behind = &code[at + prefix.len()..];
        match behind.strip_prefix('{') {
            Some(list) => {
                // Only the outermost names of the list.
                let mut depth = 0;
                let mut name = String::new();
                for letter in list.chars() {
                    match letter {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => found.push(word(&std::mem::take(&mut name))),
                        _ if depth == 0 => name.push(letter),
                        _ => {}
                    }
                }
                found.push(word(&name));
            }
            None => found.push(word(behind)),
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

/// All arrows between parts. The crate of `src/cpu` is a part too, and so are the
/// command line and its `main.rs`, which use the crate by its name.
fn arrows() -> Vec<Arrow> {
    let mut arrows = Vec::new();
    for file in files(&root().join("src")) {
        let from = part(&file);
        if from == "lib" {
            continue;
        }
        let code = code(&file);
        let mut names = match from.as_str() {
            "cpu" => Vec::new(),
            _ => used(&code, "crate::"),
        };
        names.extend(used(&code, "alexnet_live::"));
        if code.contains("cpu::") && from != "cpu" {
            names.push("cpu".to_owned());
        }
        names.sort();
        names.dedup();
        arrows.extend(names.into_iter().map(|to| Arrow {
            file: file.clone(),
            from: from.clone(),
            to,
        }));
    }
    arrows
}

#[test]
fn arrows_point_down() {
    let levels = drawn();
    let level = |part: &str, file: &Path| {
        let known = levels.get(part);
        *known.unwrap_or_else(|| {
            panic!(
                "{} belongs to or uses {part}, which has no level in ARCHITECTURE.md",
                file.display()
            )
        })
    };
    let arrows = arrows();
    assert!(arrows.len() > 100, "only {} arrows were read", arrows.len());
    let up: Vec<String> = arrows
        .iter()
        .filter(|arrow| arrow.from != arrow.to)
        .filter(|arrow| level(&arrow.from, &arrow.file) >= level(&arrow.to, &arrow.file))
        .map(|arrow| {
            let file = arrow.file.strip_prefix(root()).expect("a file of ours");
            format!("{} ({}) uses {}", file.display(), arrow.from, arrow.to)
        })
        .collect();
    assert!(
        up.is_empty(),
        "arrows that do not point down in ARCHITECTURE.md:\n{}",
        up.join("\n")
    );
}

#[test]
fn every_part_that_is_drawn_exists() {
    let parts: Vec<String> = files(&root().join("src"))
        .iter()
        .map(|file| part(file))
        .collect();
    for drawn in drawn().keys() {
        assert!(parts.contains(drawn), "there is no src/{drawn}");
    }
}

/// What only one part may name.
#[test]
fn each_engine_and_the_page_stand_in_one_place() {
    let homes: [(&str, &[&str]); 4] = [
        // The handle of a buffer is the browser's own object.
        ("wgpu::", &["gpu", "hardware"]),
        ("fearless_simd", &["cpu"]),
        ("JsValue", &["web"]),
        ("wasm_bindgen::", &["web"]),
    ];
    for file in files(&root().join("src")) {
        let (part, code) = (part(&file), code(&file));
        for (word, homes) in homes {
            assert!(
                !code.contains(word) || homes.contains(&part.as_str()),
                "{} names {word}",
                file.display()
            );
        }
    }
}

#[test]
fn lists_of_uses_are_read_to_their_ends() {
    let code = "use crate::error::{Error, Result};\nuse crate::{\n    data::{a, b},\n    plan,\n};";
    assert_eq!(used(code, "crate::"), ["error", "data", "plan"]);
}
