using System.Runtime.CompilerServices;
using Cluster.Ml.Data;
using Cluster.Worker.Data;

namespace Cluster.Worker.Tests.Data;

public sealed class DataSetCacheTests
{
    private readonly DataSetCache _cache = new();

    [Fact]
    public void Everyone_gets_the_same_data_set()
    {
        JobDataSet first = Open();

        Open().ShouldBeSameAs(first);
        _cache.Count.ShouldBe(1);
    }

    [Fact]
    public void Threads_that_ask_at_once_load_once()
    {
        JobDataSet[] opened = new JobDataSet[4];

        Parallel.For(0, opened.Length, i => opened[i] = Open());

        opened.ShouldAllBe(set => ReferenceEquals(set, opened[0]));
    }

    [Fact]
    public void Another_text_is_another_data_set()
    {
        JobDataSet first = Open();

        JobDataSet second = _cache.Open(Some.JobText.Replace("seed: 7", "seed: 8", StringComparison.Ordinal), "job.yaml", Some.Folder);

        second.ShouldNotBeSameAs(first);
        second.Key.ShouldNotBe(first.Key);
    }

    [Fact]
    public void The_newest_data_set_is_kept_until_its_job_is_closed()
    {
        OpenAndForget();

        GC.Collect();

        _cache.Count.ShouldBe(1);
    }

    [Fact]
    public void A_data_set_of_a_closed_job_is_freed()
    {
        OpenAndLetGo();

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        _cache.Count.ShouldBe(0);
    }

    [Fact]
    public void A_load_that_failed_is_tried_again()
    {
        string folder = Directory.CreateTempSubdirectory("cluster-worker-tests").FullName;
        Should.Throw<BadInputException>(() => _cache.Open(Some.JobText, "job.yaml", folder));

        File.Copy(Path.Combine(Some.Folder, "small.csv"), Path.Combine(folder, "small.csv"));

        _cache.Open(Some.JobText, "job.yaml", folder).ShardCount.ShouldBe(Some.Shards);
    }

    private JobDataSet Open() => _cache.Open(Some.JobText, "job.yaml", Some.Folder);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void OpenAndForget() => Open().ShardCount.ShouldBe(Some.Shards);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void OpenAndLetGo() => _cache.LetGo(Open());
}
