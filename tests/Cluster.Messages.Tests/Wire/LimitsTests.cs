using Cluster.Messages.DataPlane;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;

namespace Cluster.Messages.Tests.Wire;

public class LimitsTests
{
    private readonly WireFormat _format = new(MessageCodecs.ForMessages(), new FakeActors());

    [Fact]
    public void A_job_text_at_its_limit_passes_and_one_byte_more_is_refused()
    {
        var job = new SubmitJob(Some.Job, new string('x', Limits.JobTextBytesMax), "/data", "/runs", null, 0);

        SameFields.Difference(job, _format.Read(_format.Write(job), "SJ4"), "SubmitJob").ShouldBeNull();
        Should.Throw<UnsendableMessageException>(() => _format.Write(job with { JobText = job.JobText + "x" })).Field.ShouldBe("JobText");
    }

    [Fact]
    public void Numbers_within_a_message_pass_at_their_limit_and_one_more_is_refused_by_the_sender()
    {
        PublishState full = Some.PublishState(new float[VectorExchange.InlineBytesMax / sizeof(float)]);
        PublishState over = Some.PublishState(new float[(VectorExchange.InlineBytesMax / sizeof(float)) + 1]);

        ((PublishState)_format.Read(_format.Write(full), "PS4")).State.ShouldBe(full.State);
        Should.Throw<UnsendableMessageException>(() => _format.Write(over)).Wanted.ShouldBe("0 to 32768");
    }

    [Fact]
    public void A_reason_that_is_too_long_is_cut_between_two_characters_and_still_gets_through()
    {
        var failed = new JobRefused(Some.Job, FailureKind.Internal, new string('漢', Limits.ReasonBytesMax));

        var got = (JobRefused)_format.Read(_format.Write(failed), "JR1");

        got.Reason.ShouldBe(new string('漢', Limits.ReasonBytesMax / 3));
    }

    [Theory]
    [InlineData(0)]
    [InlineData((byte)FailureKind.Busy + 1)]      // as a later build may send it
    [InlineData(255)]
    public void A_choice_that_this_build_does_not_know_makes_the_message_unreadable(byte kind)
    {
        byte[] bytes = _format.Write(new JobRefused(Some.Job, FailureKind.Busy, "full"));
        int place = Some.Job.Value.Length + 1;
        bytes[place].ShouldBe((byte)FailureKind.Busy);

        bytes[place] = kind;

        Should.Throw<MalformedMessageException>(() => _format.Read(bytes, "JR1"));
    }

    [Fact]
    public void A_reason_with_half_a_surrogate_pair_still_gets_through()
    {
        var failed = new JobRefused(Some.Job, FailureKind.Internal, "file \ud83d");

        ((JobRefused)_format.Read(_format.Write(failed), "JR1")).Reason.ShouldBe("file \ufffd");
        Should.Throw<UnsendableMessageException>(() => _format.Write(new ModelSaved(Some.Job, "file \ud83d", "")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("ä")]
    [InlineData(null)]
    public void A_job_needs_a_plain_name(string? name) =>
        Should.Throw<UnsendableMessageException>(() => _format.Write(new DescribeJob(new JobId(name!)))).Field.ShouldBe("Job");

    [Theory]
    [InlineData(1, 2)]
    [InlineData(0, 3)]
    [InlineData(-2, 2)]
    [InlineData(0, 0)]
    [InlineData(4096, 4096)]
    public void A_subtree_must_be_aligned(int first, int count) => Should.Throw<UnsendableMessageException>(() => _format.Write(
        new ContributionFailed(Some.Job, Some.Round, new WorkerId("w"), new SubtreeId(first, count), true, "")));

    [Fact]
    public void Lists_of_jobs_at_their_limit_fit_the_message()
    {
        var line = new JobLine(new JobId(new string('j', Limits.JobIdBytesMax)), JobStatus.Running, int.MaxValue, Limits.PriorityMax, long.MaxValue, int.MaxValue);
        var list = new JobList([.. Enumerable.Repeat(line, Limits.JobCountMax)]);

        ((JobList)_format.Read(_format.Write(list), "JL2")).Jobs.Length.ShouldBe(Limits.JobCountMax);
        Should.Throw<UnsendableMessageException>(() => _format.Write(new JobList(list.Jobs.Add(line)))).Wanted.ShouldBe("0 to 4096");
    }

    [Fact]
    public void A_type_without_a_codec_is_refused() =>
        Should.Throw<UnsendableMessageException>(() => _format.Write("text")).Got.ShouldBe("String");

    [Fact]
    public void A_registered_type_travels_and_nothing_can_be_added_once_in_use()
    {
        MessageCodecs codecs = MessageCodecs.ForMessages()
            .Register<Version>("V1", (w, v) => w.Int32(v.Major), r => new Version(r.Int32("Major"), 0));
        var format = new WireFormat(codecs, new FakeActors());

        format.Read(format.Write(new Version(7, 0)), "V1").ShouldBe(new Version(7, 0));
        Should.Throw<InvalidOperationException>(() => codecs.Register<Uri>("U1", (_, _) => { }, _ => new Uri("http://x")));
    }

    [Fact]
    public void Two_types_cannot_share_a_manifest_nor_one_type_have_two()
    {
        Should.Throw<ArgumentException>(() => MessageCodecs.ForMessages().Register<Version>("PS4", (_, _) => { }, _ => new Version()));
        Should.Throw<ArgumentException>(() => MessageCodecs.ForMessages().Register<PublishState>("PS9", (_, _) => { }, _ => null!));
    }
}
