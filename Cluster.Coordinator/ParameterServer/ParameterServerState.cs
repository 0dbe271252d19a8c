using Cluster.Coordinator.Checkpoints;
using Cluster.Messages;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Learning;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>
/// Every decision of the parameter server: if training stands, which round is open, what a command or a contribution
/// leads to. No actor, no clock, no file. All counters are absolute, so that a life that begins at an old checkpoint
/// repeats exactly what the one before did.
/// </summary>
internal sealed partial class ParameterServerState(
    TrainingPlan plan, ParameterStore store, long incarnation, int servers = 1, RoundRules? rules = null, IVectorPlaces? places = null)
{
    private readonly ContributionInbox _inbox = new(places, store.Incoming);
    private long _ordinal = -1;
    private int _evaluationEpoch;
    private bool _training;

    // SaveModel names no epoch. In a new life it counts only after a command that does, else a repetition that was on its
    // way when the last life ended would save the state of an old checkpoint.
    private bool _confirmed;

    /// <summary>Steps done.</summary>
    public long Step { get; private set; }

    /// <summary>The epoch that the next step belongs to.</summary>
    public int Epoch { get; private set; }

    /// <summary>Steps done of that epoch.</summary>
    public long StepInEpoch { get; private set; }

    /// <summary>What that epoch has added up to.</summary>
    public StepTally Tally { get; private set; }

    /// <summary>What the epoch before added up to.</summary>
    public StepTally LastTally { get; private set; }

    /// <summary>The epoch of the best state, or −1.</summary>
    public int BestEpoch { get; private set; } = -1;

    /// <summary>Whether the best state stands in the place of the newest.</summary>
    public bool ShowingBest { get; private set; }

    /// <summary>Which steps' noise is accounted for in the journal; null if training is not private.</summary>
    public PrivacyLedger? Ledger { get; private set; } = plan.Ledger;

    /// <summary>Up to which step noise is to be accounted for, after <see cref="Decision.Reserve"/>.</summary>
    public long ReservationStep { get; private set; }

    /// <summary>The open round, or the last one.</summary>
    public RoundId Round { get; private set; }

    /// <summary>Whether contributions are awaited.</summary>
    public bool RoundOpen { get; private set; }

    /// <summary>Whether the budget ended training within the current epoch.</summary>
    public bool Exhausted { get; private set; }

    /// <summary>The last evaluation: what was asked, and the sums.</summary>
    public SplitEvaluated? Evaluation { get; private set; }

    /// <summary>How far to go back, after <see cref="Decision.Rewind"/>.</summary>
    public long RewindStep { get; private set; }

    /// <summary>Whether the last contribution was whole, and wanted.</summary>
    public bool Taken { get; private set; }

    /// <summary>The bytes of the sum that training took with it; 0 for none.</summary>
    public int TakenBytes { get; private set; }

    /// <summary>Whether the last contribution was whole, and some of its numbers not finite.</summary>
    public bool NotFinite { get; private set; }

    /// <summary>Why the last contribution was refused, or null.</summary>
    public string? Failure { get; private set; }

    /// <summary>The state that workers and the model file are to see.</summary>
    public Ml.Numerics.NumericBuffer Shown => ShowingBest ? store.Best! : store.State;

    /// <summary>What only the parameter server keeps.</summary>
    public Ml.Numerics.NumericBuffer OptimizerState => store.OptimizerState;

    /// <summary>The sum that is being gathered.</summary>
    public IContributionSum Tree => store.TreeOf(Round.Purpose);

    /// <summary>Whether a checkpoint is wanted at this step.</summary>
    public bool CheckpointDue =>
        StepInEpoch == 0 || (plan.CheckpointEverySteps > 0 && IsCheckpointDue(plan.CheckpointEverySteps));

    /// <summary>Begins before the first step.</summary>
    public void Begin(long reservedSteps)
    {
        EndWindow();
        store.Initialize();
        Ledger = Ledger?.Reserve(reservedSteps);
        Place(0, 0, 0, default, default, -1);
        Clocks?.Restore(0);
        Ranges?.OnCollected(0);
    }

    /// <summary>Goes on where the checkpoint stands.</summary>
    public void Restore(Checkpoint checkpoint, long reservedSteps)
    {
        CheckpointHeader header = checkpoint.Header;
        EndWindow();
        store.Restore(checkpoint);
        if (header.Ledger is { } ledger) Ledger = PrivacyLedger.FromBytes(ledger);
        Ledger = Ledger?.Reserve(reservedSteps);
        Place(header.Step, header.Epoch, header.StepInEpoch, header.Tally, header.LastTally, header.BestEpoch);
        if (header.Clocks is { } clocks) Clocks?.Restore(clocks);
        else Clocks?.Restore(header.Step);
        Ranges?.OnCollected(header.Step);
    }

    /// <summary>What a checkpoint says that is taken now.</summary>
    public CheckpointHeader Header(string jobTextSha256) => new()
    {
        JobTextSha256 = jobTextSha256,
        Step = SoundStep,
        Epoch = Epoch,
        StepInEpoch = _window?.StepInEpoch ?? StepInEpoch,
        Tally = _window?.Tally ?? Tally,
        LastTally = LastTally,
        Incarnation = incarnation,
        Ledger = Ledger?.ToBytes(),
        BestEpoch = BestEpoch,
        Numbers = store.State.Kind,
        StateLength = store.State.Length,
        OptimizerStateLength = store.OptimizerState.Length,
        Clocks = Clocks?.ToArray(),
    };

    public Decision OnTrainEpoch(int epoch)
    {
        if (epoch > Epoch) return Decision.Behind;
        if (epoch == Epoch - 1 && StepInEpoch == 0 && !_training) return Confirm(Decision.EpochDone);
        if (epoch < Epoch) return RewindTo(((epoch + 1L) * plan.StepsPerEpoch) - 1);
        if (_training) return Decision.Wait;
        _training = true;
        ShowingBest = false;
        return Confirm(Advance());
    }

    /// <summary>The journal holds the reservation: the noise may be used.</summary>
    public Decision OnReserved(long steps)
    {
        Ledger = Ledger?.Reserve(steps);
        return _training && !RoundOpen ? Advance() : Decision.Wait;
    }

    public Decision OnEvaluateSplit(RoundPurpose purpose, int epoch)
    {
        if (RoundOpen && Round.Purpose == purpose) return Decision.Wait;
        if (Evaluation is { } known && known.Purpose == purpose && known.Epoch == epoch) return Confirm(Decision.SplitMeasured);
        if (Locate(epoch) is var decision && decision != Decision.Wait) return decision;
        Evaluation = null;
        _evaluationEpoch = epoch;
        return Confirm(Open(purpose));
    }

    public Decision OnKeepBest(int epoch)
    {
        if (BestEpoch == epoch) return Confirm(Decision.BestKept);
        if (Locate(epoch) is var decision && decision != Decision.Wait) return decision;
        store.KeepBest();
        BestEpoch = epoch;
        return Confirm(Decision.BestKept);
    }

    public Decision OnRestoreBest(int epoch)
    {
        if (BestEpoch != epoch) return Epoch <= epoch ? Decision.Behind : RewindTo((epoch + 1L) * plan.StepsPerEpoch);
        if (_training) return Decision.Wait;
        if (!ShowingBest) Evaluation = null;
        ShowingBest = true;
        return Confirm(Decision.BestRestored);
    }

    /// <summary>Whether the state shown is one that the job's coordinator knows of.</summary>
    public bool MaySaveModel => _confirmed && !_training && !RoundOpen;

    /// <summary>Takes a contribution, or the handle of one, for which it opens a place.</summary>
    /// <exception cref="DivergedException">It completed the sum, and the sum or the new state is not finite.</exception>
    public Decision OnContribution(PushContribution push)
    {
        Failure = null;
        Taken = NotFinite = false;
        TakenBytes = 0;
        if (!RoundOpen || push.Round != Round) return Decision.Wait;
        Subtree subtree = new(push.Subtree.First, push.Subtree.Count);
        if (!subtree.IsAligned(plan.MicroBatches))
        {
            Failure = $"subtree {push.Subtree}: wanted an aligned one of {plan.MicroBatches} micro-batches";
            return Decision.Wait;
        }
        if (RefuseStranger(push, subtree) is { } refused) return refused;
        if (push.Sum.IsElsewhere && !Wants(subtree)) return Decision.Wait;
        var kind = (PayloadKind)store.KindOf(Round.Purpose);
        bool whole = _inbox.Add(push, kind, store.BytesOf(Round.Purpose), out ReadOnlyMemory<byte> sum, out string? failure);
        SumOutcome? outcome = whole ? store.Offer(Round.Purpose, subtree, sum) : SumOutcome.Duplicate;
        Failure = outcome is null ? $"subtree {push.Subtree}: wanted a contribution, got {sum.Length} bytes that are none; run the same version of the program on every node" : failure;
        Taken = outcome == SumOutcome.Accepted;
        NotFinite = outcome == SumOutcome.NotFinite;
        if (Taken && Round.Purpose == RoundPurpose.Train) OnTaken(push.Worker, subtree, sum.Length);
        return TryComplete();
    }

    /// <summary>Nothing that is on its way is wanted any more.</summary>
    public void ForgetComing() => _inbox.Clear();

    /// <summary>Ends the round as soon as nothing of it is missing.</summary>
    /// <exception cref="DivergedException">The sum or the new state is not finite.</exception>
    public Decision TryComplete() =>
        RoundOpen && Tree.IsComplete && (Ranges is null || Round.Purpose != RoundPurpose.Train || Ranges.MayStep) ? Complete() : Decision.Wait;

    private bool Wants(Subtree subtree)
    {
        for (int leaf = subtree.First; leaf < subtree.First + subtree.Count; leaf++)
            if (Tree.IsMissing(leaf)) return true;
        return false;
    }

    private Decision Complete()
    {
        RoundOpen = false;
        if (Round.Purpose != RoundPurpose.Train)
        {
            Evaluation = new SplitEvaluated(
                plan.Job, Round.Purpose, _evaluationEpoch, new TensorPayload(PayloadKind.Float64, store.TakeEvaluation()));
            return Decision.SplitMeasured;
        }
        Tally = Ranges is null ? store.Step(NextStep, Tally) : DecideStep(NextStep);
        if (plan.Feedback?.Ends(NextStep) == true) EndWindow();
        Step++;
        StepInEpoch++;
        return Advance();
    }

    private Decision Advance()
    {
        if ((StepInEpoch >= plan.StepsPerEpoch && !store.IsWithinEpoch) || Tally.Converged)
        {
            _training = false;
            Evaluation = null;
            EndWindow();
            Place(Step, Epoch + 1, 0, default, Tally, BestEpoch);
            return Decision.EpochDone;
        }
        if (Clocks is not null) return Decision.Dispatch;
        if (Ledger is null || Ledger.Allows(Step)) return Open(RoundPurpose.Train);
        ReservationStep = Ledger.Reserve(Math.Min(Step + TrainingPlan.ReservationSteps, plan.Steps)).Steps;
        if (ReservationStep > Step) return Decision.Reserve;
        Exhausted = true;
        _training = false;
        return Decision.Exhausted;
    }

    private Decision Open(RoundPurpose purpose)
    {
        Round = new RoundId(incarnation, ++_ordinal, purpose, Step, Epoch);
        RoundOpen = true;
        store.ResetSums();
        Ranges?.Open();
        _inbox.Clear();
        if (purpose == RoundPurpose.Train) OnTrainOpened();
        return Decision.Publish;
    }

    /// <summary>Whether the state is the one after that epoch; else what to do about it.</summary>
    private Decision Locate(int epoch)
    {
        bool there = (Epoch == epoch + 1 && StepInEpoch == 0) || (Epoch == epoch && Exhausted) || (ShowingBest && epoch == BestEpoch);
        if (there) return Decision.Wait;
        return Epoch <= epoch ? Decision.Behind : RewindTo((epoch + 1L) * plan.StepsPerEpoch);
    }

    private Decision RewindTo(long step)
    {
        RewindStep = step;
        RoundOpen = _training = _confirmed = ShowingBest = Exhausted = false;
        Evaluation = null;
        return Decision.Rewind;
    }

    private Decision Confirm(Decision decision)
    {
        _confirmed = true;
        return decision;
    }

    private void Place(long step, int epoch, long stepInEpoch, StepTally tally, StepTally lastTally, int bestEpoch) =>
        (Step, Epoch, StepInEpoch, Tally, LastTally, BestEpoch) = (step, epoch, stepInEpoch, tally, lastTally, bestEpoch);
}
