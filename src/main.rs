//! AlexNet Live, from the command line.

fn main() {}
