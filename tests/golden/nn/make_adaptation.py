"""Gradients of domain-adversarial training, by PyTorch in double precision.

    python3 make_adaptation.py > adaptation.json
"""
import json
import math
import torch
from waves import wave

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)

FEATURES, HIDDEN, TELLING, CLASSES, ROWS, KNOWN = 5, 6, 4, 3, 9, 5
WEIGHT, STEPS, OTHER_WEIGHT = 0.8, 32, 1.25


class Reversal(torch.autograd.Function):
    @staticmethod
    def forward(context, x, factor):
        context.factor = factor
        return x.view_as(x)

    @staticmethod
    def backward(context, gradient):
        return -context.factor * gradient, None


def gradients(step):
    shapes = [(FEATURES, HIDDEN), (HIDDEN,), (HIDDEN, TELLING), (TELLING,), (TELLING, 1), (1,), (HIDDEN, CLASSES), (CLASSES,)]
    flat = wave(sum(math.prod(shape) for shape in shapes), 1.7, 0.6).requires_grad_()
    parts, start = [], 0
    for shape in shapes:
        parts.append(flat[start:start + math.prod(shape)].view(shape))
        start += math.prod(shape)
    w, b, v, c, u, d, p, q = parts
    x = wave(ROWS * FEATURES, 0.83).view(ROWS, FEATURES)
    factor = WEIGHT * (2 / (1 + math.exp(-10 * step / STEPS)) - 1)
    features = torch.tanh(x @ w + b)
    labels = torch.tensor([i % CLASSES for i in range(KNOWN)])
    label_loss = torch.nn.functional.cross_entropy(features[:KNOWN] @ p + q, labels, reduction="sum")
    told = (torch.relu(Reversal.apply(features, factor) @ v + c) @ u + d)[:, 0]
    domain = torch.tensor([0.0] * KNOWN + [1.0] * (ROWS - KNOWN))
    weights = torch.tensor([1.0] * KNOWN + [OTHER_WEIGHT] * (ROWS - KNOWN))
    domain_loss = torch.nn.functional.binary_cross_entropy_with_logits(told, domain, weights, reduction="sum")
    (label_loss + domain_loss).backward()
    return dict(step=step, factor=factor, loss=(label_loss + domain_loss).item(), gradient=flat.grad.tolist())


print(json.dumps([gradients(step) for step in (0, 3, 20, 31)], indent=1))
