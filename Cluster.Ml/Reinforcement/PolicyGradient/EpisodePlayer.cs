using Cluster.Ml.Nn.Graph;

namespace Cluster.Ml.Reinforcement.PolicyGradient;

/// <summary>Plays episodes side by side: in each turn the states of all that are not over pass through the policy at once.</summary>
/// <remarks>Range  an episode has the same bits whichever others are played beside it, as a forward pass treats each row alone</remarks>
internal sealed class EpisodePlayer(PolicyModel model)
{
    private readonly NetworkPass _pass = new(model.Acting);
    private readonly ActionDistribution _actions = new(model.Process.ActionNames.Count);
    private readonly List<Episode> _playing = [];

    /// <summary>Plays them to their ends.</summary>
    /// <param name="parameters">Those of the policy.</param>
    /// <param name="episodes">Each at its first state.</param>
    /// <param name="learns">Whether actions are drawn and kept to be learned from; otherwise each is the likeliest.</param>
    public void Play(ReadOnlySpan<float> parameters, IReadOnlyList<Episode> episodes, bool learns)
    {
        _playing.Clear();
        _playing.AddRange(episodes);
        while (_playing.Count > 0)
        {
            _pass.Begin(_playing.Count);
            Span<float> inputs = _pass.Inputs;
            int at = 0;
            foreach (Episode episode in _playing)
                foreach (double number in episode.State) inputs[at++] = (float)number;
            _pass.Forward(parameters, random: null);
            int left = 0;
            for (int i = 0; i < _playing.Count; i++)
            {
                Episode episode = _playing[i];
                _actions.Take(_pass.OutputOf(model.Acting.Heads[0], i));
                if (!Act(episode, learns)) _playing[left++] = episode;
            }
            _playing.RemoveRange(left, _playing.Count - left);
        }
    }

    /// <returns>Whether the episode is over.</returns>
    private bool Act(Episode episode, bool learns)
    {
        int action = learns ? _actions.Draw(ref episode.Choice) : _actions.Best;
        if (learns)
        {
            Keep(episode);
            episode.Actions.Add(action);
            episode.LogProbabilities.Add((float)_actions.LogOf(action));
        }
        Environments.Transition transition = model.Process.Step(episode.State, action, ref episode.Chance);
        episode.Return += transition.Reward;
        episode.Steps++;
        episode.Ends = transition.Ends;
        if (learns) episode.Rewards.Add(transition.Reward);
        if (!transition.Ends && episode.Steps < model.Process.StepsMax) return false;
        if (learns && !transition.Ends) Keep(episode);
        return true;
    }

    private static void Keep(Episode episode)
    {
        foreach (double number in episode.State) episode.States.Add((float)number);
    }
}
