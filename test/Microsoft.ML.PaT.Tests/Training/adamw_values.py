"""Prints what AdamWOptimizerTests holds torch.optim.AdamW against: four parameters, six steps whose gradients and rates vary."""
import torch

values = torch.tensor([1.0, -2.0, 3.0, 0.5], dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.AdamW([values], lr=0.01, betas=(0.9, 0.99), weight_decay=0.1)
for step in range(6):
    values.grad = torch.tensor([0.1, -0.2, 0.0, 1e-4], dtype=torch.float64) * (1 - 0.3 * step)
    optimizer.param_groups[0]["lr"] = 0.01 / (1 + step)
    optimizer.step()
print(values.tolist())
