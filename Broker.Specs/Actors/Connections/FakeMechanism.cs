using System.Text;
using Broker.Actors.Security;
using Broker.Actors.Security.Mechanisms;

namespace Broker.Specs.Actors.Connections;

/// <summary>A method whose answers the spec gives, each as a task of its own.</summary>
internal sealed class FakeMechanism : IAuthenticationMechanism
{
    public const string Method = "FAKE";

    private readonly Queue<Func<ValueTask<AuthenticationStep>>> _answers = new();

    public string Name => Method;

    /// <summary>What clients have said, in order.</summary>
    public List<string?> Said { get; } = [];

    /// <summary>Exchanges that were started.</summary>
    public List<AuthenticationRequest> Started { get; } = [];

    public IAuthenticationExchange Start(AuthenticationRequest request)
    {
        Started.Add(request);
        return new Exchange(this);
    }

    public FakeMechanism Continue(string data) => Answer(new AuthenticationStep.Continue(Encoding.UTF8.GetBytes(data)));

    public FakeMechanism Succeed(string userName, string? data = null) =>
        Answer(new AuthenticationStep.Success(userName, data is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(data)));

    public FakeMechanism Fail(Broker.Protocol.Packets.ReasonCode reasonCode) => Answer(new AuthenticationStep.Failure(reasonCode, "refused by the spec"));

    /// <summary>An answer that comes when the spec wants it to.</summary>
    public TaskCompletionSource<AuthenticationStep> Later()
    {
        var answer = new TaskCompletionSource<AuthenticationStep>();
        _answers.Enqueue(() => new ValueTask<AuthenticationStep>(answer.Task));
        return answer;
    }

    private FakeMechanism Answer(AuthenticationStep step)
    {
        _answers.Enqueue(() => ValueTask.FromResult(step));
        return this;
    }

    private sealed class Exchange(FakeMechanism mechanism) : IAuthenticationExchange
    {
        public ValueTask<AuthenticationStep> NextAsync(ReadOnlyMemory<byte>? data)
        {
            mechanism.Said.Add(data is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null);
            return mechanism._answers.Dequeue()();
        }
    }
}
