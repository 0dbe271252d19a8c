"""Loss and displacements of one window of Word2Vec, by PyTorch's automatic differentiation in double precision: word2vec.json.
Each input takes its step of gradient descent against the targets as the inputs before it have left them.
python3 make_word2vec.py > word2vec.json"""
import json
import torch
import torch.nn.functional as F

RATE = 0.125

torch.manual_seed(7)
cases = []
for inputs, targets, width in ((1, 1, 5), (3, 6, 20), (4, 6, 16), (10, 8, 24), (7, 14, 33)):
    x = (torch.randn(inputs, width, dtype=torch.float64) * 0.4).float().double()
    y = (torch.randn(targets, width, dtype=torch.float64) * 0.4).float().double()
    now, loss, moves = y.clone(), 0.0, []
    for n in range(inputs):
        one, all_targets = x[n].clone().requires_grad_(), now.clone().requires_grad_()
        scores = all_targets @ one
        step_loss = -(F.logsigmoid(scores[0]) + F.logsigmoid(-scores[1:]).sum())
        step_loss.backward()
        loss += step_loss.item()
        moves.append((-RATE * one.grad).tolist())
        now = now - RATE * all_targets.grad
    cases.append({"width": width, "x": x.tolist(), "y": y.tolist(), "loss": loss, "x_moves": moves, "y_moves": (now - y).tolist()})
print(json.dumps({"torch": torch.__version__, "rate": RATE, "cases": cases}))
