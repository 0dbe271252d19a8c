// Trains the network of deploy/jobs/digits-mlp.yaml on two workers, and asks it about rows.
// dotnet run docs/programs/train.cs          (from the project's folder)
#:project ../../Cluster.Coordinator
#:property PublishAot=false

using Cluster.Coordinator.Programs;

TrainedRun run = await new LocalTraining { Workers = 2 }.TrainAsync("deploy/jobs/digits-mlp.yaml", ["training.epochs=10"]);
Console.WriteLine($"{run.Status}: accuracy {run.Test["accuracy"]:F3} on the test rows, model {run.ModelSha256[..8]}");

Predictor model = Predictor.Open(run.ModelPath);
foreach (RowPrediction row in model.Predict("deploy/jobs/data/digits.csv").Take(3))
    Console.WriteLine($"a {row.Text}, by {row.Scores[row.Text]:P0}");
