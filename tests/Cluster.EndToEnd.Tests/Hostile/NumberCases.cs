namespace Cluster.EndToEnd.Tests.Hostile;

/// <summary>Numbers that are none, are too large, or say less than they seem to; flags and verbs that are misspelt.</summary>
internal static class NumberCases
{
    private const string Text = "name: text\nseed: 1\ndata: { source: text.txt, format: text, unit: character, split: { train: 0.9, validation: 0.1 } }\n"
        + "model: { kind: language-model, cell: lstm, embedding: 4, units: 4, window: 8 }\ntraining: { epochs: 1, batch: 4, micro-batches: 2 }\n";

    private const string Linear = "name: line\nseed: 1\ndata: { source: data.csv, target: target, split: { train: 1.0 } }\nmodel: { kind: linear-regression }\n";

    private static readonly string[] s_train = ["train", "job.yaml", "--out", "out"];

    public static IEnumerable<HostileCase> All { get; } =
    [
        new("a decimal comma in a flag", 2, "privacy", "epsilon", "--rate", "0,01", "--noise", "1,1", "--steps", "100", "--delta", "1e-5")
        {
            Says = ["--rate: wanted a number, 0 to 1, got '0,01'", "--noise: wanted a number, at least 0, got '1,1'"],
            NeverSays = ["epsilon 0"],
        },
        new("a number of workers in words", 2, "train", "job.yaml", "--workers", "two") { Says = ["--workers: wanted a whole number, 1 to 64, got 'two'"], NeverSays = ["System."] },
        new("a verb that is misspelt", 2, "trian", "job.yaml") { Says = ["did you mean 'train'"] },
        new("help of the nodes", 0, "node", "--help") { Says = ["cluster node worker"] },
        new("a number that floats do not hold", 3, s_train)
        {
            Files = new Dictionary<string, string> { ["data.csv"] = HostileTests.GoodData + "9e38,1,x\n" },
            Says = ["data.csv:10:1", "3.4E+38", "'9e38'"],
            NeverSays = ["learning rate"],
        },
        new("a prediction of a number that floats do not hold", 3, "predict", "out/model.cluster", "--data", "new.csv", "--out", "predictions.csv")
        {
            Before = [s_train],
            Files = new Dictionary<string, string> { ["new.csv"] = "a,b\n1,2\n1,-4e39\n" },
            Says = ["new.csv:3:3"],
            Without = ["predictions.csv"],
        },
        new("a decimal target for a classifier", 3, [.. s_train, "--set", "model.task=classification"])
        {
            Files = new Dictionary<string, string> { ["data.csv"] = "a,b,target\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i},1,{i}.5\n")) },
            Says = ["data.csv:2:", "'0.5'", "linear-regression"],
        },
        new("a validation part of no rows", 3, [.. s_train, "--set", "data.split={ train: 0.95, validation: 0.05 }", "--set", "training.early-stopping={ patience: 1 }"])
        {
            Says = ["at least one validation row", "0.05 of 8 rows"],
        },
        new("leaving one out of equal targets", 0, "crossval", "job.yaml", "--folds", "4")
        {
            Files = new Dictionary<string, string> { ["job.yaml"] = Linear, ["data.csv"] = "a,target\n1,2\n2,3\n3,5\n4,4\n" },
            Says = ["r2 undefined (equal targets)", "r2: mean undefined", "without 4 folds that left it undefined", "rmse: mean "],
            NeverSays = ["r2 0", "NaN"],
        },
        new("a path with a number sign in a flag", 0, [.. s_train, "--set", "data.source=odd #1.csv"])
        {
            Files = new Dictionary<string, string> { ["odd #1.csv"] = HostileTests.GoodData },
        },
        new("a prompt of characters that the text never had", 0, "generate", "out/model.cluster", "--prompt", "q\u00DF\u65E5", "--length", "20")
        {
            Before = [s_train],
            Files = new Dictionary<string, string> { ["job.yaml"] = Text, ["text.txt"] = string.Concat(Enumerable.Repeat("abc def\n", 60)) },
            Says = ["--prompt: the text that the model learned from has no 'q', '\u00DF', '\u65E5'"],
            NeverSays = ["<unk>"],
        },
        new("a model that no memory holds", 3, s_train)
        {
            Environment = new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = "0x6000000" },
            Files = new Dictionary<string, string> { ["job.yaml"] = HostileTests.GoodJob.Replace("[ { dense: 4, activation: relu } ]", "[ { dense: 4000 }, { dense: 4000 } ]", StringComparison.Ordinal) },
            Says = ["wanted a model that fits the 96 MiB of memory", "which needs at least 551 MiB"],
            NeverSays = ["OutOfMemory"],
        },
        new("more features than rows", 0, s_train)
        {
            Files = new Dictionary<string, string>
            {
                ["job.yaml"] = Linear,
                ["data.csv"] = string.Join(',', Enumerable.Range(0, 3_000).Select(c => $"f{c}")) + ",target\n" + string.Concat(Enumerable.Range(1, 6).Select(
                    row => string.Join(',', Enumerable.Range(0, 3_000).Select(c => row * (c + 3) * 7919 % 1009)) + $",{row * row}\n")),
            },
            Says = ["completed after 1 epoch, 1 step"],
        },
    ];
}
