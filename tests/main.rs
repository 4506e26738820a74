//! Everything that runs on a GPU or touches files, in one binary.
//!
//! - `architecture`: which part of the crate uses which
//! - `data`: files of labelled pictures, good and damaged
//! - `fuzz`: files of every format that is read, changed at random
//! - `inside`: what every layer sees of a photo, and why the answer is what it is
//! - `support`: the device, running a network on it, comparing numbers
//! - `reference`: every layer as plain loops in f64, the definition that the
//!   kernels are held against
//! - `layers`: GPU = reference, over awkward shapes
//! - `plan`: what the planner fuses, splits and refuses
//! - `predict`: models, preprocessing, whole networks, the command line
//! - `training`: every gradient, the optimisers, whole runs
//! - `weights`: files of weights, good, damaged and hostile

mod architecture;
mod data;
mod engine;
mod fuzz;
mod inside;
mod layers;
mod plan;
mod predict;
mod reference;
mod support;
mod training;
mod weights;
