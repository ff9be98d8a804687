using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Broker.Actors.Security.Http;

/// <summary>
/// Answers about clients, for a while. A password is part of the key only as a keyed hash, whose own key is never the same in two processes. Any thread.
/// </summary>
/// <param name="lifetime">How long an answer counts; zero: not at all.</param>
/// <param name="size">Answers that are kept; beyond that it begins anew.</param>
/// <param name="time">The clock.</param>
internal sealed class AnswerCache(TimeSpan lifetime, int size, TimeProvider time)
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    private readonly ConcurrentDictionary<string, (long At, AuthenticationResult? Answer)> _answers = new(StringComparer.Ordinal);

    /// <summary>What stands for a question.</summary>
    public static string KeyOf(string question) => Convert.ToBase64String(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(question)));

    /// <summary>False: nobody has asked, or too long ago.</summary>
    public bool TryGet(string key, out AuthenticationResult? answer)
    {
        answer = null;
        if (!_answers.TryGetValue(key, out var kept) || time.GetElapsedTime(kept.At) >= lifetime)
        {
            return false;
        }

        answer = kept.Answer;
        return true;
    }

    public void Add(string key, AuthenticationResult? answer)
    {
        if (lifetime == TimeSpan.Zero)
        {
            return;
        }

        if (_answers.Count >= size)
        {
            _answers.Clear();
        }

        _answers[key] = (time.GetTimestamp(), answer);
    }
}
