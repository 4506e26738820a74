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
    /// Reads a file of floating point numbers or bytes.
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
        let numbers = file.dtype().descr();
        let values = match numbers.trim_matches(['\'', '<', '>', '|', '=']) {
            "f4" => numbers_of(file, |value: f32| value)?,
            // Halves are at the end of the file, whatever its header says else.
            "f2" => {
                let start = bytes.len().checked_sub(2 * elements.unwrap_or(0) as usize);
                let halves = &bytes[start.context("it is cut short")?..];
                let halves = halves.chunks_exact(2);
                halves
                    .map(|half| half::f16::from_le_bytes([half[0], half[1]]).to_f32())
                    .collect()
            }
            "f8" => numbers_of(file, |value: f64| value as f32)?,
            "u1" => numbers_of(file, |value: u8| value.into())?,
            "i1" => numbers_of(file, |value: i8| value.into())?,
            _ => bail!("it holds {numbers}: float32, float64, float16 and bytes can be read"),
        };
        Ok(Self { shape, values })
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

fn numbers_of<T: npyz::Deserialize>(
    file: NpyFile<&[u8]>,
    widen: impl Fn(T) -> f32,
) -> Result<Vec<f32>> {
    let data = file.data::<T>()?;
    let values: std::io::Result<Vec<f32>> = data.map(|value| value.map(&widen)).collect();
    values.context("it is cut short")
}
