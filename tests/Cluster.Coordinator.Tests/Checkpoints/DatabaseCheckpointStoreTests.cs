using Cluster.Coordinator.Authority;
using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.Database;
using Cluster.Coordinator.Tests.Database;
using Cluster.Ml.Numerics;
using Cluster.Tests.Shared;
using Dapper;

namespace Cluster.Coordinator.Tests.Checkpoints;

[Collection(PostgreSqlTests.Name)]
public sealed class DatabaseCheckpointStoreTests(PostgreSqlServer server) : DatabaseTests(server)
{
    private const string Directory = "/runs/job";

    // More than one block.
    private const int Numbers = (StoredObjects.BlockBytesMax / sizeof(float)) + 100;

    [SkippableTheory]
    [MemberData(nameof(Databases))]
    public void A_checkpoint_is_read_back_bit_for_bit_by_another_coordinator(string kind)
    {
        Checkpoint written = Some(step: 12, Numbers);
        string hash = new DatabaseCheckpointStore(Open(kind)).Write(Directory, written, keep: 2);

        CheckpointsFound found = new DatabaseCheckpointStore(Open(kind)).ReadNewest(Directory, written.Header.JobTextSha256);

        found.Warnings.ShouldBeEmpty();
        found.Newest!.Header.StateSha256.ShouldBe(hash);
        found.Newest.State.Bytes.SequenceEqual(written.State.Bytes).ShouldBeTrue();
        found.Newest.OptimizerState.Bytes.SequenceEqual(written.OptimizerState.Bytes).ShouldBeTrue();
    }

    [SkippableTheory]
    [MemberData(nameof(Databases))]
    public void Only_the_newest_are_kept_and_an_older_one_is_found_by_its_step(string kind)
    {
        DatabaseCheckpointStore store = new(Open(kind));
        foreach (long step in (long[])[1, 2, 3, 4]) store.Write(Directory, Some(step), keep: 3);
        store.Write("/runs/other", Some(9), keep: 3);

        Newest(store)!.Header.Step.ShouldBe(4);
        store.ReadNewest(Directory, "job", 3).Newest!.Header.Step.ShouldBe(3);
        store.ReadNewest(Directory, "job", 1).Newest.ShouldBeNull();
    }

    [SkippableTheory]
    [InlineData("sqlite", "DELETE FROM object_blocks WHERE step = 7 AND block_nr = 1", "block 1")]
    [InlineData("postgresql", "DELETE FROM object_blocks WHERE step = 7 AND block_nr = 1", "block 1")]
    [InlineData("sqlite", "UPDATE object_blocks SET payload = x'00' WHERE step = 7 AND block_nr = 0", "block 0: wanted SHA-256")]
    [InlineData("postgresql", "UPDATE object_blocks SET payload = '\\x00' WHERE step = 7 AND block_nr = 0", "block 0: wanted SHA-256")]
    public void A_damaged_one_is_named_and_the_one_before_it_is_used(string kind, string damage, string named)
    {
        DatabaseCheckpointStore store = new(Open(kind));
        store.Write(Directory, Some(3), keep: 3);
        store.Write(Directory, Some(7, Numbers), keep: 3);
        using (var connection = Open(kind).Connect()) connection.Execute(damage).ShouldBe(1);

        CheckpointsFound found = store.ReadNewest(Directory, "job");

        found.Newest!.Header.Step.ShouldBe(3);
        found.Warnings.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            warning => warning.ShouldContain($"checkpoint of {Directory}, step 7"),
            warning => warning.ShouldContain(named));
    }

    [SkippableTheory]
    [MemberData(nameof(Databases))]
    public void A_write_under_an_older_token_is_refused_and_leaves_no_trace(string kind)
    {
        DatabaseLeaseStore leases = new(Open(kind));
        WriteAuthority older = new(leases.Acquire("a", TimeSpan.Zero).Token, leases);
        DatabaseCheckpointStore store = new(Open(kind));
        store.Under(older).Write(Directory, Some(1), keep: 3);
        WriteAuthority newer = new(leases.Acquire("b", TimeSpan.FromHours(1)).Token, leases);

        AuthorityLostException lost = Should.Throw<AuthorityLostException>(() => store.Under(older).Write(Directory, Some(2), keep: 1));

        lost.Message.ShouldContain("wanted to write under token 1, got a lease whose token is 2");
        Newest(store)!.Header.Step.ShouldBe(1);
        store.Under(newer).Write(Directory, Some(2), keep: 3);
        Newest(store)!.Header.Step.ShouldBe(2);
    }

    [SkippableFact]
    public async Task A_write_goes_on_by_itself_when_the_server_comes_back()
    {
        DatabaseCheckpointStore store = new(Open("postgresql"));
        Server.Stop(crash: true);
        Task<string> write = Task.Factory.StartNew(() => store.Write(Directory, Some(1), keep: 3), TaskCreationOptions.LongRunning);
        Server.Start();

        await write.WaitAsync(TimeSpan.FromMinutes(3));

        Newest(store)!.Header.Step.ShouldBe(1);
    }

    private static Checkpoint? Newest(ICheckpointStore store) => store.ReadNewest(Directory, "job").Newest;

    private static Checkpoint Some(long step, int numbers = 3)
    {
        NumericBuffer state = new(NumberKind.Float32, numbers), optimizerState = new(NumberKind.Float32, 1);
        for (int i = 0; i < numbers; i++) state.Floats[i] = step + (i * 0.5f);
        return new Checkpoint(
            new CheckpointHeader { JobTextSha256 = "job", Step = step, Epoch = 0, StepInEpoch = step, Numbers = NumberKind.Float32, StateLength = numbers, OptimizerStateLength = 1 },
            state, optimizerState, null);
    }
}
