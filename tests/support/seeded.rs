//! Numbers from a seed, as `golden/networks.py` makes them, and whole files of
//! them, so that no large file is committed or ever stands in memory.

use alexnet_live::error::Result;
use alexnet_live::network::Network;
use alexnet_live::weights::Source;
use half::f16;

/// A generator of uniform numbers that gives any element at once.
#[derive(Clone, Copy)]
pub struct Seeded {
    seed: u32,
    scale: f32,
}

impl Seeded {
    /// Numbers between `-scale` and `scale`, other for each name.
    pub fn new(name: &str, scale: f32) -> Self {
        let hash = |seed: u32, byte: u8| (seed ^ u32::from(byte)).wrapping_mul(16_777_619);
        let seed = name.bytes().fold(2_166_136_261, hash);
        Self { seed, scale }
    }

    /// The element at `index`.
    pub fn at(self, index: usize) -> f32 {
        let bits = (index as u32)
            .wrapping_mul(0x9e37_79b9)
            .wrapping_add(self.seed);
        let bits = (bits ^ (bits >> 16)).wrapping_mul(0x85eb_ca6b);
        let bits = (bits ^ (bits >> 13)).wrapping_mul(0xc2b2_ae35);
        let bits = bits ^ (bits >> 16);
        let unit = (bits >> 8) as f32 / (1 << 23) as f32 - 1.0;
        unit * self.scale
    }

    /// The first `count` elements.
    pub fn take(self, count: usize) -> Vec<f32> {
        (0..count).map(|index| self.at(index)).collect()
    }
}

/// A safetensors file of seeded weights for a network.
pub struct SeededFile {
    header: Vec<u8>,
    /// First byte behind the header, and the numbers from there on.
    tensors: Vec<(u64, Seeded)>,
    halves: bool,
    length: u64,
}

impl SeededFile {
    /// Weights uniform as He initialises them, biases within 0.1; 16-bit floats
    /// with `halves`, else 32-bit.
    pub fn new(network: &Network, halves: bool) -> Self {
        let (size, dtype) = if halves { (2, "F16") } else { (4, "F32") };
        let mut entries = serde_json::Map::new();
        let mut tensors = Vec::new();
        let mut end = 0;
        let parameters = network.nodes().flat_map(|(id, _)| network.parameters(id));
        for (name, parameter) in parameters {
            let fan_in: usize = parameter.shape.0[1..].iter().product();
            let scale = match parameter.role {
                "weight" => (6.0 / fan_in as f64).sqrt() as f32,
                _ => 0.1,
            };
            tensors.push((end, Seeded::new(&name, scale)));
            let start = end;
            end += size * parameter.shape.elements() as u64;
            let entry = serde_json::json!({
                "dtype": dtype, "shape": parameter.shape, "data_offsets": [start, end],
            });
            entries.insert(name, entry);
        }
        let json = serde_json::to_vec(&entries).expect("json");
        let mut header = (json.len() as u64).to_le_bytes().to_vec();
        header.extend(json);
        Self {
            length: header.len() as u64 + end,
            header,
            tensors,
            halves,
        }
    }

    /// Fills `buffer` with the bytes from `offset` on, as far as the header or a tensor
    /// reaches; gives their number.
    fn fill(&self, offset: u64, buffer: &mut [u8]) -> usize {
        let header = self.header.len() as u64;
        let Some(place) = offset.checked_sub(header) else {
            let rest = &self.header[offset as usize..];
            let count = rest.len().min(buffer.len());
            buffer[..count].copy_from_slice(&rest[..count]);
            return count;
        };
        let next = self.tensors.partition_point(|(start, _)| *start <= place);
        let (start, numbers) = self.tensors[next - 1];
        let end = (self.tensors.get(next)).map_or(self.length - header, |(start, _)| *start);
        let count = buffer.len().min((end - place) as usize);
        let within = (place - start) as usize;
        let buffer = &mut buffer[..count];
        match self.halves {
            true => elements(buffer, within, |index| {
                f16::from_f32(numbers.at(index)).to_le_bytes()
            }),
            false => elements(buffer, within, |index| numbers.at(index).to_le_bytes()),
        }
        count
    }
}

/// Fills `buffer` with the bytes of elements, from the byte `within` of the first on.
fn elements<const SIZE: usize>(
    buffer: &mut [u8],
    within: usize,
    element: impl Fn(usize) -> [u8; SIZE],
) {
    let (mut index, mut skip, mut rest) = (within / SIZE, within % SIZE, buffer);
    while !rest.is_empty() {
        let bytes = &element(index)[skip..];
        let (now, later) = rest.split_at_mut(bytes.len().min(rest.len()));
        now.copy_from_slice(&bytes[..now.len()]);
        (index, skip, rest) = (index + 1, 0, later);
    }
}

impl Source for SeededFile {
    fn len(&self) -> u64 {
        self.length
    }

    fn read(&self, offset: u64, buffer: &mut [u8]) -> Result<()> {
        let mut done = 0;
        while done < buffer.len() {
            done += self.fill(offset + done as u64, &mut buffer[done..]);
        }
        Ok(())
    }
}
