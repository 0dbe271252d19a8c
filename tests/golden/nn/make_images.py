"""Golden gradients of networks that look at images, by PyTorch in double precision.

    python3 make_images.py > images.json
"""
import json
import math
import torch
import torch.nn.functional as F
from waves import wave

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


ACTIVATIONS = {"relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "none": lambda v: v,
               "leaky-relu": lambda v: F.leaky_relu(v, 0.01)}


class Parameters:
    """Hands out one flat vector piece by piece: weights [rows, columns, channels, filters], then the bias."""

    def __init__(self, count):
        self.flat, self.at = wave(count, 1.7, 0.4).requires_grad_(), 0

    def take(self, *sizes):
        count = math.prod(sizes)
        self.at += count
        return self.flat[self.at - count:self.at].reshape(*sizes)


def pad(x, window, stride, value=0.0):
    """Zeros around an image as "same" has them: the smaller half above and on the left."""
    sizes = []
    for size, w in ((x.shape[3], window[1]), (x.shape[2], window[0])):
        whole = max((math.ceil(size / stride) - 1) * stride + w - size, 0)
        sizes += [whole // 2, whole - whole // 2]
    return F.pad(x, sizes, value=value)


def conv(p, x, filters, window, stride=1, same=False, activation="relu"):
    weight = p.take(*window, x.shape[1], filters).permute(3, 2, 0, 1)
    return ACTIVATIONS[activation](F.conv2d(pad(x, window, stride) if same else x, weight, p.take(filters), stride))


def dense(p, x, units, activation="none"):
    weight = p.take(x.shape[1], units)
    return ACTIVATIONS[activation](x @ weight + p.take(units))


def flatten(x):
    return x.permute(0, 2, 3, 1).reshape(x.shape[0], -1)


def max_same(x):
    return F.max_pool2d(pad(x, (3, 3), 1, -math.inf), 3, 1)


def mean_same(x):
    return F.avg_pool2d(pad(x, (2, 2), 1), 2, 1) / F.avg_pool2d(pad(torch.ones_like(x), (2, 2), 1), 2, 1)


def valid(p, x):
    x = F.max_pool2d(conv(p, x, 4, (3, 3), activation="tanh"), 2)
    return flatten(conv(p, x, 5, (2, 1), activation="sigmoid"))


def same(p, x):
    return dense(p, flatten(mean_same(conv(p, x, 3, (3, 5), 2, True, "leaky-relu"))), 6, "relu")


def inception(p, x):
    x = torch.cat([
        conv(p, x, 2, (1, 1)),
        conv(p, conv(p, x, 2, (1, 1)), 3, (3, 3), same=True),
        conv(p, conv(p, x, 1, (1, 1)), 2, (5, 5), same=True),
        conv(p, max_same(x), 2, (1, 1))], 1)
    return flatten(F.avg_pool2d(conv(p, x, 3, (1, 1), activation="tanh"), (5, 4)))


def block(p, x, filters, stride=1):
    y = conv(p, torch.relu(x), filters, (3, 3), stride, True)
    y = conv(p, y, filters, (3, 3), 1, True, "none")
    return y + (conv(p, x, filters, (1, 1), stride, True, "none") if stride > 1 or filters != x.shape[1] else x)


def residual(p, x):
    x = conv(p, x, 3, (3, 3), 1, True, "none")
    return flatten(max_same(torch.tanh(block(p, block(p, x, 3), 4, 2))))


def widening(p, x):
    x = conv(p, x, 3, (3, 3), 1, True, "none")
    return flatten(F.avg_pool2d(torch.tanh(block(p, x, 5)), 2))


def golden(network, height, width, channels, count):
    p = Parameters(count)
    x = wave(5 * height * width * channels, 0.83).reshape(5, height, width, channels).permute(0, 3, 1, 2)
    loss = F.cross_entropy(dense(p, network(p, x), 3), torch.tensor([0, 1, 2, 0, 1]), reduction="sum")
    assert p.at == count, (network.__name__, p.at)
    loss.backward()
    return dict(name=network.__name__, loss=loss.item(), gradient=p.flat.grad.tolist())


print(json.dumps(
    [golden(valid, 8, 7, 2, 184), golden(same, 6, 5, 1, 237), golden(inception, 5, 4, 2, 172), golden(residual, 6, 6, 1, 585),
     golden(widening, 6, 6, 1, 558)], indent=1))
