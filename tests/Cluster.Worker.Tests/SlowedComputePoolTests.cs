using Cluster.Messages.Node;
using Microsoft.Extensions.Time.Testing;

namespace Cluster.Worker.Tests;

public sealed class SlowedComputePoolTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_result_comes_after_a_multiple_of_the_time_that_it_took()
    {
        Task<int> slowed = Pool().Run(TwoSeconds);

        _time.Advance(TimeSpan.FromSeconds(3.9));
        slowed.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(0.1));
        (await slowed.WaitAsync(Deadline)).ShouldBe(7);
    }

    [Fact]
    public async Task A_result_is_told_after_a_multiple_of_the_time_that_it_took()
    {
        int told = 0;

        Task slowed = ((IComputePool)Pool()).Run(TwoSeconds, result => told = result);

        _time.Advance(TimeSpan.FromSeconds(3.9));
        told.ShouldBe(0);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await slowed.WaitAsync(Deadline);
        told.ShouldBe(7);
    }

    private SlowedComputePool Pool() => new(new InlineComputePool(), slowdown: 3, _time);

    private int TwoSeconds()
    {
        _time.Advance(TimeSpan.FromSeconds(2));
        return 7;
    }
}
