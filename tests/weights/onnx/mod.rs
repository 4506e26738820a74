//! ONNX models: what they answer on the device, and what is refused
//! (`tests/golden/onnx_models.py` wrote them).

mod answers;
mod assemble;
mod graphs;
mod hostile;
