"""Loss and gradients of one window of Word2Vec, by PyTorch's automatic differentiation in double precision: word2vec.json.
python3 make_word2vec.py > word2vec.json"""
import json
import torch
import torch.nn.functional as F

torch.manual_seed(7)
cases = []
for inputs, targets, width in ((1, 1, 5), (3, 6, 20), (4, 6, 16), (10, 8, 24), (7, 14, 33)):
    x = (torch.randn(inputs, width, dtype=torch.float64) * 0.4).float().double().requires_grad_()
    y = (torch.randn(targets, width, dtype=torch.float64) * 0.4).float().double().requires_grad_()
    scores = x @ y.t()
    loss = -(F.logsigmoid(scores[:, 0]).sum() + F.logsigmoid(-scores[:, 1:]).sum())
    loss.backward()
    cases.append({"width": width, "x": x.tolist(), "y": y.tolist(), "loss": loss.item(), "dx": x.grad.tolist(), "dy": y.grad.tolist()})
print(json.dumps({"torch": torch.__version__, "cases": cases}))
