using Cluster.Ml.Privacy;

namespace Cluster.Ml.Tests.Privacy;

public sealed class PrivacyLedgerTests
{
    private static PrivacyLedger Open(double? target = null) => PrivacyLedger.Open(0.04, 1.5, 1e-5, target);

    [Fact]
    public void Spending_is_the_accountant_s_own_figure() =>
        Open().Reserve(2250).Epsilon.ShouldBe(Accountant.Epsilon(0.04, 1.5, 2250, 1e-5).Epsilon);

    // The resume test of Opacus: go to 1000 steps before the end, save, load, go on.
    [Fact]
    public void Spending_survives_saving_and_loading()
    {
        PrivacyLedger loaded = PrivacyLedger.FromBytes(Open(9).Reserve(1250).ToBytes());

        loaded.ShouldBe(Open(9).Reserve(1250));
        loaded.Reserve(2250).Epsilon.ShouldBe(7.32911117143, 1e-9);
    }

    [Fact]
    public void Two_resumes_in_one_epoch_spend_nothing_twice()
    {
        byte[] checkpoint = Open().Reserve(100).ToBytes();

        PrivacyLedger first = PrivacyLedger.FromBytes(checkpoint).Reserve(140);
        PrivacyLedger second = PrivacyLedger.FromBytes(checkpoint).Reserve(130).Reserve(140).Reserve(120);
        PrivacyLedger journalled = PrivacyLedger.FromBytes(first.ToBytes()).Reserve(140);

        second.ShouldBe(first);
        journalled.ShouldBe(first);
        first.Epsilon.ShouldBe(Open().Reserve(140).Epsilon);
    }

    [Fact]
    public void The_budget_is_never_passed_and_used_to_the_last_step()
    {
        PrivacyLedger spent = Open(5).Reserve(long.MaxValue / 4);

        spent.Epsilon.ShouldBeLessThanOrEqualTo(5);
        spent.EpsilonAt(spent.Steps + 1).ShouldBeGreaterThan(5);
        spent.Reserve(spent.Steps + 1).ShouldBeSameAs(spent);
        spent.Allows(spent.Steps - 1).ShouldBeTrue();
        spent.Allows(spent.Steps).ShouldBeFalse();
    }

    [Fact]
    public void A_budget_too_small_for_one_step_grants_none()
    {
        PrivacyLedger ledger = PrivacyLedger.Open(1, 0.1, 1e-5, 0.5);

        ledger.Reserve(1).Steps.ShouldBe(0);
        ledger.Epsilon.ShouldBe(0);
    }

    [Fact]
    public void Steps_of_different_noise_add_up_and_survive_saving()
    {
        PrivacyLedger mixed = PrivacyLedger.Open(0.01, 1.1, 1e-5, 2).Reserve(500).Continue(0.02, 1.5).Reserve(300);

        mixed.Epsilon.ShouldBe(1.6962963353579585, 1e-9);
        PrivacyLedger.FromBytes(mixed.ToBytes()).ShouldBe(mixed);
        PrivacyLedger.FromBytes(mixed.ToBytes()).Epsilon.ShouldBe(mixed.Epsilon);
        mixed.Reserve(100_000).Epsilon.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public void Damaged_bytes_are_refused()
    {
        byte[] good = Open().Reserve(7).ToBytes();

        for (int length = 0; length < good.Length; length++)
            Should.Throw<InvalidDataException>(() => PrivacyLedger.FromBytes(good.AsSpan(0, length)));
        byte[] rate = [.. good], count = [.. good], version = [.. good];
        (rate[28], count[20], version[0]) = (0x7F, 0x7F, 9);
        Should.Throw<InvalidDataException>(() => PrivacyLedger.FromBytes(rate));
        Should.Throw<InvalidDataException>(() => PrivacyLedger.FromBytes(count));
        Should.Throw<InvalidDataException>(() => PrivacyLedger.FromBytes(version));
    }
}
