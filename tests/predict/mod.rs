//! From an image to its classes.

mod models;
mod preprocess;
