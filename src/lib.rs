//! AlexNet Live.
