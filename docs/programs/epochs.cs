// Is told of each epoch, and ends training by a rule of its own: when three epochs have gained less than a hundredth.
// dotnet run docs/programs/epochs.cs
#:project ../../Cluster.Coordinator
#:property PublishAot=false

using Cluster.Coordinator.Programs;

using CancellationTokenSource enough = new();
List<double> losses = [];
LocalTraining training = new()
{
    Workers = 2,
    OnEpoch = epoch =>
    {
        losses.Add(epoch.Validation["log-loss"]);
        Console.WriteLine($"epoch {epoch.Epoch} of {epoch.Epochs}: loss {epoch.Training["loss"]:F3}, on validation rows {losses[^1]:F3}");
        if (losses.Count > 3 && losses[^4] - losses[^1] < 0.01) enough.Cancel();
    },
};
TrainedRun run = await training.TrainAsync("deploy/jobs/digits-mlp.yaml", cancellation: enough.Token);
Console.WriteLine($"{run.Status} after {run.Epochs} epochs");
if (run.ModelPath.Length > 0) return;

// What was cancelled has a checkpoint. To have its model, the job is said to be as long as it was.
run = await (training with { OnEpoch = null, Resume = true }).TrainAsync("deploy/jobs/digits-mlp.yaml", [$"training.epochs={run.Epochs + 1}"]);
Console.WriteLine($"{run.Status}: {run.ModelPath}");
