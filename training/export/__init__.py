"""From trained weights to a bundle: ONNX, int8, calibration, gate."""
