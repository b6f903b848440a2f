"""Training, distillation, export and evaluation of SegFormer teachers and DynaSegFormer students."""
