using Cluster.Ml.Randomness;

namespace Cluster.Ml.Tests.Randomness;

public class SecretNumbersTests
{
    private static readonly uint[] s_key = [3, 1, 4, 1, 5, 9, 2, 6];

    [Theory]
    [InlineData(0, 1000)]
    [InlineData(17, 250)]
    [InlineData((1L << 34) - 13, 100)]
    public void A_fill_cut_into_calls_gives_the_same_values(long start, int length)
    {
        foreach (int size in new[] { 1, 7, 64, 100 })
        {
            (ulong[] words, ulong[] wordParts) = (new ulong[length], new ulong[length]);
            SecretNumbers.FillWords(words, s_key, RandomPurpose.PoissonSampling, 3, start);
            for (int done = 0; done < length; done += size)
                SecretNumbers.FillWords(wordParts.AsSpan(done, Math.Min(size, length - done)), s_key, RandomPurpose.PoissonSampling, 3, start + done);
            wordParts.ShouldBe(words);
        }
    }

    [Fact]
    public void Groups_hold_the_same_words_in_another_order()
    {
        ulong[] words = new ulong[128];
        uint[] halves = new uint[256];
        SecretNumbers.FillWords(words, s_key, RandomPurpose.PrivacyNoise, 4, 64 * 5);
        SecretNumbers.FillGroups(halves, s_key, RandomPurpose.PrivacyNoise, 4, 5);
        for (int i = 0; i < words.Length; i++)
        {
            int place = (i / 64 * 128) + (i % 64 / 8 * 16) + (i % 8);
            words[i].ShouldBe(halves[place] | ((ulong)halves[place + 8] << 32));
        }
        Should.Throw<ArgumentOutOfRangeException>(() => SecretNumbers.FillGroups(new uint[256], s_key, RandomPurpose.PrivacyNoise, 0, (1L << 29) - 1));
    }

    [Fact]
    public void Another_key_purpose_or_index_gives_other_numbers()
    {
        ulong First(uint[] key, RandomPurpose purpose, long index)
        {
            ulong[] one = new ulong[1];
            SecretNumbers.FillWords(one, key, purpose, index, 0);
            return one[0];
        }
        ulong[] firsts =
        [
            First(s_key, RandomPurpose.PrivacyNoise, 0), First(s_key, RandomPurpose.PoissonSampling, 0), First(s_key, RandomPurpose.PrivacyNoise, 1),
            First(s_key, RandomPurpose.PrivacyNoise, 1L << 32), First([3, 1, 4, 1, 5, 9, 2, 7], RandomPurpose.PrivacyNoise, 0),
        ];
        firsts.Distinct().Count().ShouldBe(firsts.Length);
    }

    [Fact]
    public void A_stream_is_not_read_beyond_its_end() =>
        Should.Throw<ArgumentOutOfRangeException>(() => SecretNumbers.FillWords(new ulong[2], s_key, RandomPurpose.PrivacyNoise, 0, (1L << 35) - 1));
}
