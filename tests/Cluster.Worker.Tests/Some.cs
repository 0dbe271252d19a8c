using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Jobs;
using Cluster.Ml.Numerics;
using Cluster.Worker.Data;

namespace Cluster.Worker.Tests;

/// <summary>A small job with everything a test needs of it.</summary>
internal static class Some
{
    public const int Shards = 4;

    public static readonly JobId Job = new("job");

    public static readonly WorkerId Worker = new("worker-1");

    /// <summary>A softmax regression on 24 rows of inline numbers, written to a folder of its own.</summary>
    public static readonly string Folder = WriteData();

    public const string JobText = """
        name: small
        seed: 7
        data:
          source: small.csv
          target: kind
          split: { train: 0.5, validation: 0.25, test: 0.25, stratify: false }
          scale: standard
        model: { kind: softmax }
        training:
          epochs: 2
          batch: 8
          micro-batches: 4
          optimizer: { sgd: { rate: 0.1 } }
        """;

    /// <summary>What the coordinator makes of the rows.</summary>
    public static readonly string DataSha256 = DataSet().Rows.Sha256;

    /// <summary>The same of the rows that folds are cut from.</summary>
    public static readonly string SourceSha256 =
        PreparedData.LoadFold(JobFile.Parse(JobText, "small.yaml", Folder), NumberKind.Float32, 0, 3).SourceSha256;

    public static OpenShard OpenShard(int shard, IActorRef parameterServer, long incarnation = 1, string text = JobText) =>
        new(Job, shard, Shards, text, Folder, DataSha256, parameterServer, incarnation);

    public static JobDataSet DataSet(string text = JobText) => JobDataSet.Load(text, "small.yaml", Folder, RowStorage.Default);

    private static string WriteData()
    {
        string folder = Directory.CreateTempSubdirectory("cluster-worker-tests").FullName;
        IEnumerable<string> rows = Enumerable.Range(0, 24).Select(i => $"{i % 5},{i * 7 % 11},{(i % 3 == 0 ? "red" : "blue")}");
        File.WriteAllLines(Path.Combine(folder, "small.csv"), rows.Prepend("a,b,kind"));
        return folder;
    }
}
