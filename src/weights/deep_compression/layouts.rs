//! The layers of the networks that were published deep-compressed, in the order
//! of their files.

/// One layer of a known network.
pub struct Layout {
    /// Name as in the Caffe files.
    pub name: String,
    /// Shape of its weight: `[out, in / groups, height, width]` or `[out, in]`.
    pub weight: Vec<usize>,
    /// Bits of a code: 8 for a convolution, 4 for a fully connected layer.
    pub bits: u32,
}

impl Layout {
    fn new(name: &str, weight: &[usize]) -> Self {
        Self {
            name: name.to_owned(),
            weight: weight.to_vec(),
            bits: if weight.len() == 4 { 8 } else { 4 },
        }
    }

    /// Number of outputs.
    pub fn out(&self) -> usize {
        self.weight[0]
    }

    /// Number of elements of its weight.
    pub fn weight_elements(&self) -> usize {
        self.weight.iter().product()
    }
}

/// AlexNet and SqueezeNet 1.0.
pub fn known_layouts() -> [Vec<Layout>; 2] {
    [alexnet(), squeezenet()]
}

fn alexnet() -> Vec<Layout> {
    vec![
        Layout::new("conv1", &[96, 3, 11, 11]),
        Layout::new("conv2", &[256, 48, 5, 5]),
        Layout::new("conv3", &[384, 256, 3, 3]),
        Layout::new("conv4", &[384, 192, 3, 3]),
        Layout::new("conv5", &[256, 192, 3, 3]),
        Layout::new("fc6", &[4096, 9216]),
        Layout::new("fc7", &[4096, 4096]),
        Layout::new("fc8", &[1000, 4096]),
    ]
}

fn squeezenet() -> Vec<Layout> {
    let mut layers = vec![Layout::new("conv1", &[96, 3, 7, 7])];
    let mut channels = 96;
    for (fire, squeeze) in (2..).zip([16, 16, 32, 32, 48, 48, 64, 64]) {
        let expand = 4 * squeeze;
        let mut add = |part: &str, weight: &[usize]| {
            layers.push(Layout::new(&format!("fire{fire}/{part}"), weight));
        };
        add("squeeze1x1", &[squeeze, channels, 1, 1]);
        add("expand1x1", &[expand, squeeze, 1, 1]);
        add("expand3x3", &[expand, squeeze, 3, 3]);
        channels = 2 * expand;
    }
    layers.push(Layout::new("conv10", &[1000, channels, 1, 1]));
    layers
}
