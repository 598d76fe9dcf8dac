"""Export trained weights to a bundle: ONNX, int8 quantisation, calibration, gate."""
