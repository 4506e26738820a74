//! ONNX models: what they answer on the device, and what is refused
//! (`tests/golden/onnx_models.py` wrote the models).

mod answers;
mod assemble;
mod graphs;
mod hostile;
mod layout;
mod published;
