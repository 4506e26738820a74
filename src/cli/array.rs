//! NumPy's `.npy` files.

use std::fs::{self, File};
use std::io::BufWriter;
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
        let parse = || Self::parse(&fs::read(path)?);
        parse().with_context(|| path.display().to_string())
    }

    /// Reads the bytes of such a file.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        // The header may promise anything: no more is allocated than there is.
        let header = match bytes {
            [_, _, _, _, _, _, 1, _, size @ ..] => {
                size.first_chunk().map(|b| u16::from_le_bytes(*b).into())
            }
            [_, _, _, _, _, _, _, _, size @ ..] => {
                size.first_chunk().map(|b| u32::from_le_bytes(*b))
            }
            _ => None,
        };
        if header.is_none_or(|header| header as usize > bytes.len()) {
            bail!("it is no .npy file, or cut short in its header");
        }
        let file = NpyFile::new(bytes)?;
        if file.order() == Order::Fortran && file.shape().len() > 1 {
            bail!("it is in Fortran order: save it with numpy.ascontiguousarray");
        }
        let elements = file
            .shape()
            .iter()
            .try_fold(1, |n: u64, &size| n.checked_mul(size));
        if elements.is_none_or(|elements| elements > bytes.len() as u64) {
            bail!(
                "it is cut short: its header promises {:?} numbers",
                file.shape()
            );
        }
        let shape = file.shape().iter().map(|size| *size as usize).collect();
        let values = match file.try_data::<f32>() {
            Ok(data) => data.collect(),
            Err(file) => {
                let numbers = file.dtype().descr();
                let doubles = file.try_data::<f64>().map_err(|_| {
                    anyhow::anyhow!("it holds {numbers}: float32 and float64 can be read")
                })?;
                doubles
                    .map(|value| value.map(|value| value as f32))
                    .collect()
            }
        };
        let values: std::io::Result<Vec<f32>> = values;
        Ok(Self {
            shape,
            values: values.context("it is cut short")?,
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
