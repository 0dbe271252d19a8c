using Cluster.Ml.Data;
using Cluster.Ml.Data.Text;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Text.LanguageModel;

namespace Cluster.Ml.Tests.Text.LanguageModel;

/// <summary>Small language models and the windows that they learn from.</summary>
internal static class SomeText
{
    public static JobSpec Job(string model, string training) => JobFile.Parse(
        $"data: {{ source: none.txt, unit: word }}\nmodel: {{ kind: language-model, {model} }}\ntraining: {{ {training} }}", "job.yaml", "/");

    public static LanguageLearner Learner(JobSpec job, int vocabulary)
    {
        string[] tokens = [Vocabulary.Unknown, .. Enumerable.Range(1, vocabulary - 1).Select(i => $"w{i}")];
        return LanguageLearner.Create(job, new DataShape(job.Model.As<LanguageOptions>().Window + 1, tokens, 1, ["token"], null));
    }

    /// <summary>A table of windows, stream after stream, cut from streams of tokens.</summary>
    public static RowTable Table(int[][] streams, int window)
    {
        TextWindows windows = new(window);
        windows.Add([.. streams.SelectMany(stream => stream)], streams.Length);
        return windows.ToTable();
    }

    /// <summary>One window of every stream, as one micro-batch a shard: stream s belongs to shard s mod the shards.</summary>
    public static MicroBatch[] Batches(RowTable table, int streams, int window, int shards)
    {
        int perStream = table.Rows / streams;
        return [.. Enumerable.Range(0, shards).Select(shard =>
        {
            int[] mine = [.. Enumerable.Range(0, streams).Where(stream => stream % shards == shard)];
            TrainingShard rows = new(
                shard, table, [.. mine.Select(stream => (stream * perStream) + window)], [.. mine.Select(stream => (window * streams) + stream)]);
            return new MicroBatch(rows, Enumerable.Range(0, mine.Length).ToArray());
        })];
    }

    public static NumericBuffer Contribution(LanguageLearner learner, NumericBuffer state, ReadOnlySpan<MicroBatch> batches, long step = 0)
    {
        NumericBuffer contribution = new(NumberKind.Float32, learner.ContributionLength);
        contribution.Bytes.Fill(0xFF);
        learner.CreateContributor().Contribute(state, batches, contribution, new StepContext(step, 0, 10));
        return contribution;
    }

    /// <summary>Tokens that look random and are the same every time.</summary>
    public static int[][] Streams(int streams, int length, int vocabulary) =>
        [.. Enumerable.Range(0, streams).Select(s => Enumerable.Range(0, length).Select(t => ((7 * s) + (t * t) + (3 * t) + ((s + t) / 5)) % vocabulary).ToArray())];
}
