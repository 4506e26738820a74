//! The table of a race: a line per epoch.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use alexnet_live::train::EpochResult;
use anyhow::{Context, Result};

/// The file that it is written to.
pub struct Csv(File);

impl Csv {
    /// Begins it with the names of its columns.
    pub fn create(path: &Path) -> Result<Self> {
        let mut file = File::create(path).with_context(|| path.display().to_string())?;
        writeln!(
            file,
            "activation,learning_rate,epoch,training_loss,training_error,validation_loss,validation_error"
        )?;
        Ok(Self(file))
    }

    /// Adds an epoch, which is counted from 0.
    pub fn write(
        &mut self,
        activation: &str,
        rate: f32,
        epoch: usize,
        result: &EpochResult,
    ) -> Result<()> {
        let validation = result
            .validation
            .map_or(",".to_owned(), |v| format!("{},{}", v.loss, v.error));
        let training = result.training;
        writeln!(
            self.0,
            "{activation},{rate},{},{},{},{validation}",
            epoch + 1,
            training.loss,
            training.error
        )?;
        Ok(())
    }
}
