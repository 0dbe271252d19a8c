namespace Cluster.EndToEnd.Tests.Hostile;

/// <summary>Files that are not what their name says.</summary>
internal static class ShapeCases
{
    public static IEnumerable<HostileCase> All { get; } =
    [
        new("the good job is good", 0, "train", "job.yaml", "--out", "out"),
        new("a job that is a folder", 3, "train", "."),
        new("a job that is empty", 3, "train", "job.yaml", "--out", "out") { Files = new Dictionary<string, string> { ["job.yaml"] = "" }, Says = ["job.yaml"] },
        new("a job that is a table", 3, "train", "data.csv", "--out", "out") { Says = ["data.csv"] },
        new("a model that is a job", 3, "predict", "job.yaml", "--data", "data.csv") { Says = ["job.yaml"] },
        new("a model that is cut short", 3, "evaluate", "out/model.cluster", "--data", "data.csv")
        {
            Before = [["train", "job.yaml", "--out", "out"]],
            Arrange = folder =>
            {
                string model = Path.Combine(folder, "out", "model.cluster");
                File.WriteAllBytes(model, File.ReadAllBytes(model)[..^40]);
                return null;
            },
            Says = ["model.cluster"],
        },
        new("a table of zeros", 3, "train", "job.yaml", "--out", "out")
        {
            Files = new Dictionary<string, string> { ["data.csv"] = new('\0', 4096) },
            Says = ["data.csv"],
        },
    ];
}
