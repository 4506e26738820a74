//! NumPy's `.npy` files.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;

use anyhow::{Context, Result, bail};
use npyz::{NpyFile, Order, WriterBuilder};

/// Numbers in C order (the last dimension runs fastest) and their shape.
pub struct Array {
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
}

impl Array {
    /// Reads a file of 32-bit or 64-bit floating point numbers.
    pub fn read(path: &Path) -> Result<Self> {
        let name = path.display();
        let file = File::open(path).with_context(|| name.to_string())?;
        let bytes = file.metadata()?.len();
        let file = NpyFile::new(BufReader::new(file)).with_context(|| format!("{name}"))?;
        if file.order() == Order::Fortran && file.shape().len() > 1 {
            bail!("{name} is in Fortran order: save it with numpy.ascontiguousarray");
        }
        // The header may promise anything: no more is allocated than there is.
        let elements = file
            .shape()
            .iter()
            .try_fold(1, |n: u64, &size| n.checked_mul(size));
        if elements.is_none_or(|elements| elements > bytes) {
            bail!(
                "{name} is cut short: its header promises {:?} numbers",
                file.shape()
            );
        }
        let shape = file.shape().iter().map(|size| *size as usize).collect();
        let values = match file.try_data::<f32>() {
            Ok(data) => data.collect(),
            Err(file) => {
                let numbers = file.dtype().descr();
                let doubles = file.try_data::<f64>().map_err(|_| {
                    anyhow::anyhow!("{name} holds {numbers}: float32 and float64 can be read")
                })?;
                doubles
                    .map(|value| value.map(|value| value as f32))
                    .collect()
            }
        };
        let values: std::io::Result<Vec<f32>> = values;
        Ok(Self {
            shape,
            values: values.with_context(|| format!("{name} is cut short"))?,
        })
    }

    /// Writes a file of 32-bit floating point numbers.
    pub fn write(&self, path: &Path) -> Result<()> {
        let write = || {
            let shape: Vec<u64> = self.shape.iter().map(|size| *size as u64).collect();
            let file = BufWriter::new(File::create(path)?);
            let options = npyz::WriteOptions::new().default_dtype().shape(&shape);
            let mut writer = options.writer(file).begin_nd()?;
            writer.extend(self.values.iter().copied())?;
            writer.finish()
        };
        write().with_context(|| path.display().to_string())
    }
}
