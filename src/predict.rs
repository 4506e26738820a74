//! The use case image -> classes: a network with its weights on a device, asked
//! one picture at a time.

use serde::Serialize;
use web_time::Instant;

use crate::engine::Device;
use crate::error::{Error, Result};
use crate::inference::{Inference, Progress, Stage};
use crate::layers::{Activation, Layer, Softmax};
use crate::models::{self, Loaded, Model, ModelInfo, WeightSource};
use crate::network::{Network, NodeId};
use crate::order::order;
use crate::preprocess::{Channels, Picture, Preprocessing, Resize};
use crate::softmax::softmax;
use crate::train::Trained;
use crate::verify::{LayerCheck, verify};
use crate::weights::{self, Source, WeightsFile};

/// How many classes are answered.
const TOP: usize = 5;

/// A network with its weights on a device.
#[derive(Debug)]
pub struct Predictor {
    inference: Inference,
    file: WeightsFile,
    preprocessing: Preprocessing,
    /// Names of the outputs, where they have any.
    labels: Option<Vec<String>>,
    info: ModelInfo,
    kind: AnswerKind,
}

/// What the numbers are that a network answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum AnswerKind {
    /// Anything: their softmax is the probabilities.
    Logits,
    /// Logarithms of probabilities.
    LogProbabilities,
    /// Probabilities of classes of which one is right.
    Probabilities,
    /// A probability for each class by itself: several may be right, or none.
    Independent,
}

/// What a user says of a network that its file does not.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Presentation {
    /// Names of the outputs.
    pub labels: Option<Vec<String>>,
    /// Mean of each channel, for values in 0..1, red first.
    pub mean: Option<[f32; 3]>,
    /// Standard deviation of each channel, likewise.
    pub std: Option<[f32; 3]>,
    /// Pixels of the shorter side before the centre is cropped.
    pub size: Option<u32>,
}

/// One of the best answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Class {
    /// Index of the output.
    pub index: usize,
    /// Its name, where the outputs have names.
    pub label: String,
    /// By [`AnswerKind`], 0 to 1.
    pub probability: f32,
}

/// Where the time of one answer went, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Milliseconds {
    /// Resizing, cropping and normalising.
    pub preprocess: f64,
    /// Handing the input to the device.
    pub upload: f64,
    /// Computing.
    pub gpu: f64,
    /// Reading the logits.
    pub read_back: f64,
}

/// What a network says of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Classification {
    /// The five best classes, best first.
    pub top: Vec<Class>,
    /// What the probabilities are.
    pub kind: AnswerKind,
    /// What the network saw.
    pub crop: Picture,
    /// Where the time went.
    pub milliseconds: Milliseconds,
}

impl Predictor {
    /// Loads a network with its weights, or weights for `model` or for the
    /// registered model that they fit. A file that is meant to be a published
    /// one is held against its hash, since damaged weights answer without
    /// complaint.
    ///
    /// A network trained here takes pictures as it was trained. A file's own
    /// network takes them as `model` does, where that is given or the file is
    /// published as that model's; else as torchvision's do.
    ///
    /// # Errors
    /// [`Error::Integrity`], [`Error::Input`] when the network does not take one
    /// picture, what the file gives, and as [`Inference::new`].
    pub async fn load(
        device: &Device,
        model: Option<&'static Model>,
        published: Option<&WeightSource>,
        source: impl Source + 'static,
        progress: &mut Progress<'_>,
    ) -> Result<Self> {
        let bytes = source.len();
        let mut hashed = |done| progress(Stage::Check, done, bytes);
        let published = published.map(WeightSource::expected_hash);
        let hash = weights::verify(&source, published, &mut hashed).await?;
        let mut file = models::open(source)?;
        let known = models::published_as(&hash);
        let own = known.and_then(|(_, source)| source.own);
        let model = model.or(known.map(|(model, _)| model));
        let trained = Trained::of(file.notes())?;
        let (mut network, model, as_trained) = match trained {
            Some(trained) => (
                file.identify([&trained.network])?.1,
                None,
                Some((trained.preprocessing, trained.classes)),
            ),
            None => {
                let (network, model) = identify(&mut file, model)?;
                (network, model, None)
            }
        };
        let (output, kind) = classes_of(&network)?;
        network.set_outputs(vec![output]);
        let (height, width) = picture_size(&network)?;
        let labels = models::labels(&network);
        let labels = labels.map(|labels| labels.into_iter().map(str::to_owned).collect());
        let mut info = ModelInfo::new(&network, model);
        if let Some(own) = own {
            info.accuracy = Some(own.accuracy);
        }
        let grey = network[network.inputs()[0]]
            .shape
            .as_map()
            .is_some_and(|(_, _, c)| c == 1);
        let (preprocessing, labels) = match (as_trained, model) {
            (Some((preprocessing, classes)), _) => {
                info.classes = Some(classes.clone());
                (preprocessing, Some(classes))
            }
            (None, Some(model)) => (
                own.map_or(model.preprocessing, |own| own.preprocessing),
                labels,
            ),
            (None, None) => {
                let side = height.max(width) as u32;
                let mut preprocessing = Preprocessing::torchvision(side);
                if let [.., 1] = network[network.inputs()[0]].shape.0[..] {
                    preprocessing.channels = Channels::Grey;
                }
                (preprocessing, labels)
            }
        };
        let preprocessing = match (grey, preprocessing.channels) {
            (true, Channels::Rgb | Channels::Bgr) => preprocessing.grey(),
            _ => preprocessing,
        };
        info.loaded = Some(Loaded {
            hash,
            format: file.format().name(),
            bytes,
        });
        Ok(Self {
            inference: Inference::new(device, network, 1, &file, progress).await?,
            preprocessing,
            labels,
            info,
            file,
            kind,
        })
    }

    /// Takes names of the outputs, and how pictures are prepared, from the user.
    ///
    /// # Errors
    /// [`Error::Labels`] when there are more or fewer names than outputs.
    pub fn present(&mut self, presentation: Presentation) -> Result<()> {
        let Presentation {
            labels,
            mean,
            std,
            size,
        } = presentation;
        if let Some(labels) = labels {
            let outputs = self.inference.network().output_shape().elements();
            if labels.len() != outputs {
                let found = labels.len();
                return Err(Error::Labels { outputs, found }.into());
            }
            self.info.classes = Some(labels.clone());
            self.labels = Some(labels);
        }
        let own = &mut self.preprocessing;
        if mean.is_some() || std.is_some() {
            // Means and deviations are said for values in 0..1, red first.
            let order = |values: [f32; 3]| match own.channels {
                Channels::Bgr => [values[2], values[1], values[0]],
                _ => values,
            };
            let scaled = |values: [f32; 3]| values.map(|value| value * own.scale.recip() / 255.0);
            own.mean = mean.map_or_else(|| scaled(own.mean), order);
            own.std = std.map_or_else(|| scaled(own.std), order);
            own.scale = 1.0 / 255.0;
        }
        if let Some(size) = size {
            own.resize = Resize::ShorterSide(size);
        }
        Ok(())
    }

    /// The network and what is known of it.
    pub fn info(&self) -> &ModelInfo {
        &self.info
    }

    /// The network on the device.
    pub fn inference(&self) -> &Inference {
        &self.inference
    }

    /// The file that the weights came from.
    pub fn file(&self) -> &WeightsFile {
        &self.file
    }

    /// The centre of a photo, resized as the network wants it.
    pub fn crop(&self, photo: &Picture, height: u32, width: u32) -> Picture {
        self.preprocessing.crop(photo, height, width)
    }

    /// The network's input for a crop, `[height, width, channels]`.
    pub fn normalise(&self, crop: &Picture) -> Vec<f32> {
        self.preprocessing.normalise(crop)
    }

    /// Names what a picture shows.
    ///
    /// # Errors
    /// [`Error::NotFinite`], and what the device gives.
    pub async fn classify(&self, device: &Device, picture: &Picture) -> Result<Classification> {
        let mut lap = Instant::now();
        let mut milliseconds = move || {
            let elapsed = lap.elapsed();
            lap = Instant::now();
            elapsed.as_secs_f64() * 1e3
        };
        let network = self.inference.network();
        let (input, output) = (network.inputs()[0], network.outputs()[0]);
        let (height, width) = picture_size(network)?;

        let crop = self.crop(picture, height as u32, width as u32);
        let x = self.normalise(&crop);
        let preprocess = milliseconds();

        self.inference.write(device, input, &x)?;
        device.finish().await?;
        let upload = milliseconds();

        self.inference.run(device).await?;
        device.finish().await?;
        let gpu = milliseconds();

        let outputs = self.inference.read(device, output).await?;
        let read_back = milliseconds();

        Ok(Classification {
            top: best(self.kind, self.labels.as_deref(), &outputs)?,
            kind: self.kind,
            crop,
            milliseconds: Milliseconds {
                preprocess,
                upload,
                gpu,
                read_back,
            },
        })
    }

    /// Holds every layer against the reference, on the picture classified last;
    /// before there is one, on noise.
    ///
    /// # Errors
    /// As [`verify()`].
    pub async fn verify(
        &self,
        device: &Device,
        progress: &mut Progress<'_>,
    ) -> Result<Vec<LayerCheck>> {
        verify(device, &self.inference, &self.file, progress).await
    }

    /// The answers for numbers as they are, `[height, width, channels]`, before
    /// the softmax.
    ///
    /// # Errors
    /// [`Error::Input`] when the number of elements
    /// is another, and what the device gives.
    pub async fn run(&self, device: &Device, x: &[f32]) -> Result<Vec<f32>> {
        let network = self.inference.network();
        self.inference.write(device, network.inputs()[0], x)?;
        self.inference.run(device).await?;
        self.inference.read(device, network.outputs()[0]).await
    }
}

/// The network that a file describes, or was trained here; for a file of mere weights,
/// that of the registered model they fit (`model`, when one is asked for). The file's
/// tensors have the network's names afterwards.
///
/// # Errors
/// [`Error::WeightsMismatch`] for the model that comes nearest.
pub fn identify(
    file: &mut WeightsFile,
    model: Option<&'static Model>,
) -> Result<(Network, Option<&'static Model>)> {
    if let Some(graph) = file.graph() {
        return Ok((graph.network.clone(), model));
    }
    if let Some(trained) = Trained::of(file.notes())? {
        return Ok((file.identify([&trained.network])?.1, None));
    }
    let candidates: Vec<(Network, &'static Model)> = models::all()
        .filter(|candidate| model.is_none_or(|model| model.name == candidate.name))
        .map(|candidate| (candidate.network(), candidate))
        .collect();
    let (index, network) = file.identify(candidates.iter().map(|(network, _)| network))?;
    Ok((network, Some(candidates[index].1)))
}

/// Height and width of the picture that a network takes.
fn picture_size(network: &Network) -> Result<(usize, usize)> {
    let inputs = network.inputs();
    if let [input] = inputs[..]
        && let Some((height, width, 1 | 3)) = network[input].shape.as_map()
    {
        return Ok((height, width));
    }
    let shapes = inputs.iter().map(|input| network[*input].shape.to_string());
    Err(Error::Input {
        layer: network.name.clone(),
        expected: "one picture (height x width x 3)".to_owned(),
        found: shapes.collect::<Vec<_>>().join(" and "),
    }
    .into())
}

/// The node of a network that names classes, and what its numbers are. Of several
/// outputs it is the first that is a list.
///
/// # Errors
/// [`Error::Layer`] when all outputs are maps: the network does not classify.
fn classes_of(network: &Network) -> Result<(NodeId, AnswerKind)> {
    let outputs = network.outputs();
    let is_list =
        |output: &&NodeId| matches!(network[**output].shape.as_map_or_vector(), Some((1, 1, _)));
    let lists = || outputs.iter().filter(is_list);
    let several = lists().find(|output| network[**output].shape.elements() > 1);
    let Some(output) = several.or(lists().next()).copied() else {
        let node = &network[outputs[0]];
        let reason = format!(
            "it gives out maps of {}: this network does not classify",
            node.shape
        );
        let layer = node.name.clone();
        return Err(Error::Layer { layer, reason }.into());
    };
    let mut before = &network[output];
    while let Layer::Flatten(_) | Layer::Dropout(_) | Layer::Rearrange(_) = before.layer {
        before = &network[before.inputs[0]];
    }
    let kind = match before.layer {
        Layer::Softmax(Softmax { logarithmic: true }) => AnswerKind::LogProbabilities,
        Layer::Softmax(_) => AnswerKind::Probabilities,
        Layer::Activation(Activation::Sigmoid | Activation::HardSigmoid { .. }) => {
            AnswerKind::Independent
        }
        _ => AnswerKind::Logits,
    };
    Ok((output, kind))
}

/// The best classes of a network that answered with `outputs`.
fn best(kind: AnswerKind, labels: Option<&[String]>, outputs: &[f32]) -> Result<Vec<Class>> {
    if !outputs
        .iter()
        .all(|output| output.is_finite() || kind == AnswerKind::LogProbabilities)
    {
        return Err(Error::NotFinite.into());
    }
    let probabilities: Vec<f32> = match kind {
        AnswerKind::Probabilities | AnswerKind::Independent => outputs.to_vec(),
        AnswerKind::LogProbabilities => outputs.iter().map(|log| log.exp()).collect(),
        // One logit alone stands against its absence.
        AnswerKind::Logits if outputs.len() == 1 => outputs
            .iter()
            .map(|logit| 1.0 / (1.0 + (-logit).exp()))
            .collect(),
        AnswerKind::Logits => softmax(outputs).into_iter().map(|p| p as f32).collect(),
    };
    let order = order(outputs.len(), &|a, b| outputs[b].total_cmp(&outputs[a]));
    let classes = order.into_iter().take(TOP).map(|index| Class {
        index,
        label: match labels.and_then(|labels| labels.get(index)) {
            Some(label) => label.clone(),
            None => index.to_string(),
        },
        probability: probabilities[index],
    });
    Ok(classes.collect())
}
