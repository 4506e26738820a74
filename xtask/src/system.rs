//! What building and testing need of the machine: Node, a browser, a Vulkan
//! driver, a font for Chinese, more browsers for tests. On Debian and Ubuntu as root what is missing is installed;
//! elsewhere the error says how to do that.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::run::{node_tool, output_of, program, run, step};
use crate::setup::npm_packages;

/// Something that the machine should have.
pub struct Need {
    /// Its name, for messages.
    pub what: &'static str,
    /// Whether it has it.
    pub found: fn() -> bool,
    /// Its packages in Debian and Ubuntu.
    pub packages: &'static [&'static str],
    /// How to get it on other systems.
    pub elsewhere: &'static str,
}

/// Node with npm.
pub const NODE: Need = Need {
    what: "Node.js",
    found: || which::which("node").is_ok(),
    packages: &["nodejs", "npm"],
    elsewhere: "install Node 22 or newer from https://nodejs.org",
};

/// The library that finds Vulkan drivers.
pub const VULKAN_LOADER: Need = Need {
    what: "the Vulkan loader (libvulkan.so.1)",
    found: || {
        ["ldconfig", "/sbin/ldconfig"].iter().any(|ldconfig| {
            output_of(program(ldconfig).arg("-p"))
                .is_ok_and(|libraries| libraries.contains("libvulkan.so.1"))
        })
    },
    packages: &["libvulkan1"],
    elsewhere: "install your system's Vulkan loader (vulkan-loader, vulkan-icd-loader)",
};

/// Mesa's Vulkan driver in software.
pub const LAVAPIPE: Need = Need {
    what: "the Vulkan driver lavapipe",
    found: || lavapipe().is_some(),
    packages: &["mesa-vulkan-drivers"],
    elsewhere: "install Mesa's Vulkan drivers (mesa-vulkan-drivers, vulkan-swrast)",
};

/// A font with Chinese characters.
pub const CHINESE_FONT: Need = Need {
    what: "a font for Chinese",
    found: || {
        !cfg!(target_os = "linux")
            || output_of(program("fc-list").arg(":lang=zh")).is_ok_and(|fonts| !fonts.is_empty())
    },
    packages: &["fontconfig", "fonts-noto-cjk"],
    elsewhere: "install fontconfig and the Noto CJK fonts",
};

const CHROMIUM: Need = Need {
    what: "Chromium",
    found: || systems_chromium().is_some(),
    packages: &["chromium"],
    elsewhere: "run: npx playwright install --with-deps chromium (or set CHROMIUM to a browser's executable)",
};

/// Firefox, as WebDriver BiDi drives it; the first names are tests/browsers/support/firefox.js's.
pub const FIREFOX: Need = Need {
    what: "Firefox",
    found: || {
        ["firefox-esr", "firefox"]
            .iter()
            .any(|name| which::which(name).is_ok())
    },
    packages: &["firefox-esr"],
    elsewhere: "install Firefox from https://www.mozilla.org/firefox",
};

/// WebKit with its driver, which runs on Linux.
pub const WEBKIT: Need = Need {
    what: "WebKitGTK's MiniBrowser and its driver",
    found: || which::which("WebKitWebDriver").is_ok(),
    packages: &["webkit2gtk-driver"],
    elsewhere: "install WebKitGTK with its driver (webkit2gtk-driver)",
};

/// A display in memory.
pub const XVFB: Need = Need {
    what: "Xvfb",
    found: || which::which("Xvfb").is_ok(),
    packages: &["xvfb"],
    elsewhere: "install Xvfb (xvfb, xorg-server-xvfb)",
};

/// Installs what is missing, or says how.
pub fn ensure(needs: &[Need]) -> Result<()> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.found)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing
        .iter()
        .map(|need| need.what)
        .collect::<Vec<_>>()
        .join(", ");
    let packages: Vec<&str> = missing
        .iter()
        .flat_map(|need| need.packages.iter().copied())
        .collect();
    if which::which("apt-get").is_err() {
        let hints: Vec<&str> = missing.iter().map(|need| need.elsewhere).collect();
        bail!("missing: {names}\n{}", hints.join("\n"));
    }
    if !is_root() {
        bail!(
            "missing: {names}\nrun: sudo apt-get install {}",
            packages.join(" ")
        );
    }
    step(&format!("installing {names}"));
    let apt = || {
        let mut apt = program("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive").arg("-qq");
        apt
    };
    run(apt().arg("update"))?;
    run(apt()
        // What is there stays, even where a package would replace it.
        .args(["install", "--yes", "--no-install-recommends", "--no-remove"])
        .args(&packages))?;
    match missing.iter().find(|need| !(need.found)()) {
        Some(need) => bail!(
            "{} is still missing after installing {}",
            need.what,
            packages.join(", ")
        ),
        None => Ok(()),
    }
}

/// The executable of a Chromium: `$CHROMIUM`, the system's or Playwright's,
/// installed if need be.
pub fn chromium() -> Result<PathBuf> {
    if let Some(chosen) = std::env::var_os("CHROMIUM") {
        return which::which(&chosen).with_context(|| {
            format!(
                "CHROMIUM is set to {}, which cannot be run",
                chosen.display()
            )
        });
    }
    if let Some(chromium) = systems_chromium() {
        return Ok(chromium);
    }
    npm_packages(".")?; // Playwright is one of them
    if let Some(chromium) = playwrights_chromium() {
        return Ok(chromium);
    }
    if is_ubuntu() && is_root() {
        // Ubuntu's own package wants snap, which containers lack.
        step("installing Chromium");
        run(node_tool("@playwright/test/cli.js").args(["install", "--with-deps", "chromium"]))?;
        return playwrights_chromium().context("Playwright installed no Chromium");
    }
    ensure(&[CHROMIUM])?;
    systems_chromium().context("Chromium is missing")
}

fn systems_chromium() -> Option<PathBuf> {
    let mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome-stable",
        "google-chrome",
        mac,
    ];
    names.iter().find_map(|name| which::which(name).ok())
}

fn playwrights_chromium() -> Option<PathBuf> {
    let script = "console.log(require('@playwright/test').chromium.executablePath())";
    let path = output_of(program("node").args(["--eval", script])).ok()?;
    which::which(path).ok()
}

/// The description of SwiftShader, the Vulkan driver that Chromium brings along.
pub fn swiftshader() -> Result<PathBuf> {
    let executable = fs::canonicalize(chromium()?)?;
    let beside = executable.parent().unwrap_or(Path::new("/"));
    let folders = [
        beside,
        // Where distributions put it, with a script on the path.
        Path::new("/usr/lib/chromium"),
        Path::new("/usr/lib/chromium-browser"),
        Path::new("/usr/lib64/chromium-browser"),
        Path::new("/opt/google/chrome"),
    ];
    folders
        .iter()
        .map(|folder| folder.join("vk_swiftshader_icd.json"))
        .find(|file| file.is_file())
        .with_context(|| {
            format!(
                "{} has no vk_swiftshader_icd.json beside it: choose another driver, such as --driver lavapipe",
                executable.display()
            )
        })
}

/// The description of lavapipe.
pub fn lavapipe() -> Option<PathBuf> {
    fs::read_dir("/usr/share/vulkan/icd.d")
        .ok()?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .find(|file| {
            file.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("lvp_icd"))
        })
}

fn is_root() -> bool {
    output_of(program("id").arg("-u")).is_ok_and(|id| id == "0")
}

/// Whether the system is Ubuntu.
pub fn is_ubuntu() -> bool {
    fs::read_to_string("/etc/os-release")
        .is_ok_and(|release| release.lines().any(|line| line == "ID=ubuntu"))
}
