using System.Numerics.Tensors;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;
using Cluster.Ml.Tests.Learning;
using Cluster.Ml.Tests.Numerics;
using Cluster.Ml.Text.Word2Vec;

namespace Cluster.Ml.Tests.Text.Word2Vec;

/// <summary>The update in parts, from one buffer into another, against records merged first and moved one by one.</summary>
public sealed class EmbeddingUpdateTests
{
    private const float Pace = 0.01f;
    private static readonly EmbeddingLayout Layout = new(Words: 1500, Dimensions: 40, RecordsMax: 3000);
    private readonly EmbeddingUpdate _update = new(Layout);
    private readonly NumericBuffer _before = SomeState();

    public static TheoryData<int, int> Records => new() { { 0, 0 }, { 1, 0 }, { 0, 2 }, { 700, 900 }, { 3000, 3000 } };

    [Theory]
    [MemberData(nameof(Records))]
    public void In_whatever_order_its_parts_run_halves_move_the_rows_to_the_bits_of_their_sum(int left, int right)
    {
        NumericBuffer wanted = Moved(left, right), after = Untouched();
        LastFirst runner = new();

        _update.Run(new UpdateBuffers(_before, after, Nothing(), Some(left, 1)) { Rest = Some(right, 2) }, Pace, runner).ShouldBeNull();

        after.Bytes.SequenceEqual(wanted.Bytes).ShouldBeTrue();
        runner.Parts.ShouldBeGreaterThan(4, "else nothing is in parts");
    }

    // Many short parts: a part looks for its first record while others add theirs.
    [Fact]
    public void Threads_that_add_the_halves_side_by_side_do_not_disturb_each_other()
    {
        NumericBuffer left = Some(3000, 1), right = Some(3000, 2), wanted = Moved(3000, 3000), after = Untouched();
        for (int time = 0; time < 1000; time++)
        {
            NumericBuffer sum = SomeUpdate.Copy(left.Floats);

            _update.Run(new UpdateBuffers(_before, after, Nothing(), sum) { Rest = right }, Pace, new SideBySide());

            after.Bytes.SequenceEqual(wanted.Bytes).ShouldBeTrue();
        }
    }

    [Fact]
    public void A_state_may_be_moved_where_it_is()
    {
        NumericBuffer wanted = Moved(700, 0), state = SomeState();

        _update.Run(new UpdateBuffers(state, state, Nothing(), Some(700, 1)), Pace, PartsInTurn.Instance);

        state.Bytes.SequenceEqual(wanted.Bytes).ShouldBeTrue();
    }

    [Fact]
    public void The_first_row_that_is_not_finite_is_named_whichever_part_found_it_first()
    {
        NumericBuffer numbers = Some(3000, 1);
        EmbeddingSum sum = new(Layout, numbers.Floats);
        sum.DecisionOf(2999)[0] = float.NaN;
        sum.DecisionOf(17)[39] = float.PositiveInfinity;

        _update.Run(new UpdateBuffers(_before, Untouched(), Nothing(), numbers), Pace, new LastFirst()).ShouldBe(17);
    }

    [Fact]
    public void A_small_vocabulary_is_not_worth_sharing()
    {
        EmbeddingLayout layout = new(Words: 10, Dimensions: 16, RecordsMax: 20);
        NumericBuffer state = new(NumberKind.Float32, layout.StateLength);
        LastFirst runner = new();

        new EmbeddingUpdate(layout).Run(new UpdateBuffers(state, state, Nothing(), new NumericBuffer(NumberKind.Float32, layout.ContributionLength)), Pace, runner);

        runner.Parts.ShouldBe(0);
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        UpdateBuffers buffers = new(_before, Untouched(), Nothing(), Some(700, 1));
        _update.Run(buffers, Pace, PartsInTurn.Instance);

        Allocations.Least(() => _update.Run(buffers, Pace, PartsInTurn.Instance)).ShouldBe(0);
    }

    private NumericBuffer Moved(int left, int right)
    {
        NumericBuffer numbers = Some(left, 1), state = SomeState();
        EmbeddingSum sum = new(Layout, numbers.Floats);
        sum.Merge(new EmbeddingSum(Layout, Some(right, 2).Floats));
        for (int record = 0; record < sum.Count; record++)
        {
            Span<float> vector = state.Floats.Slice(sum.RowOf(record) * Layout.Width, Layout.Width);
            float share = Word2VecLearner.ShareOf(sum.TermsOf(record), Pace) / sum.ShareOf(record);
            TensorPrimitives.FusedMultiplyAdd(sum.DecisionOf(record), share, vector, vector);
        }
        return state;
    }

    private static NumericBuffer Some(int rows, long major)
    {
        int[] all = [.. Enumerable.Range(0, Layout.Rows)];
        RandomStream stream = RandomStream.At(1, RandomPurpose.Shuffle, major);
        stream.Shuffle(all.AsSpan());
        NumericBuffer numbers = new(NumberKind.Float32, Layout.ContributionLength);
        EmbeddingSum sum = new(Layout, numbers.Floats);
        foreach (int row in all.Take(rows).Order())
        {
            float terms = 1 + stream.Next(100);
            foreach (ref float number in sum.Append(row, terms, Word2VecLearner.ShareOf(terms, Pace))) number = stream.Next(1000) / 1000f;
        }
        return numbers;
    }

    private static NumericBuffer SomeState()
    {
        NumericBuffer state = new(NumberKind.Float32, Layout.StateLength);
        Philox.FillUniform(state.Floats, 1, RandomPurpose.Initialize, 0, 0);
        return state;
    }

    private static NumericBuffer Untouched()
    {
        NumericBuffer buffer = new(NumberKind.Float32, Layout.StateLength);
        buffer.Floats.Fill(float.NaN);
        return buffer;
    }

    private static NumericBuffer Nothing() => new(NumberKind.Float32, 0);

    /// <summary>Two threads that begin together and take every second part.</summary>
    private sealed class SideBySide : IPartRunner
    {
        public void Run(int parts, Action<int> run)
        {
            using Barrier start = new(2);
            Task other = Task.Factory.StartNew(() => Take(1), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            Take(0);
            other.Wait(TimeSpan.FromMinutes(1)).ShouldBeTrue();

            void Take(int first)
            {
                start.SignalAndWait(TimeSpan.FromMinutes(1)).ShouldBeTrue();
                for (int part = first; part < parts; part += 2) run(part);
            }
        }
    }
}
