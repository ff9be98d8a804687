using Akka.Actor;
using Broker.Actors.Connections;
using Broker.Actors.Sessions.Guards;
using Broker.Actors.Storage;
using Broker.Actors.Storage.Sql.Writing;
using Broker.Protocol.Packets;

namespace Broker.Actors.Sessions;

/// <summary>From the store into memory: handshakes, subscriptions as the durable routes have them, and the connection's row.</summary>
internal sealed partial class SessionActor
{
    private List<object>? _early;
    private TimeSpan _offline;

    private void StartLoading()
    {
        _early = [];
        _isLoaded = false;
        Become(Loading);
        _timers.WaitForStore(_services.Patience);
        Load();
    }

    private void Load() => _services.Reader.LoadAsync(_clientId, CancellationToken.None).PipeTo(Self, failure: problem => new LoadFailed(problem));

    private void Loading(object message)
    {
        switch (message)
        {
            case StoredClient loaded:
                OnLoaded(loaded);
                break;
            case LoadFailed failed:
                OnLoadFailed(failed.Problem);
                break;
            case Terminated terminated:
                OnJournalStopped(terminated.ActorRef);
                break;
            case StoreCommits.Due:
                RunCommits();
                break;
            case ShardGuards.Known:
                OnGuardsKnown();
                break;
            case HandOff:
                OnHandOff();
                break;
            case SessionProtocol.Attach attach:
                _early!.RemoveAll(static earlier => earlier is SessionProtocol.Attach);
                _early.Add(attach);
                break;
            case SessionProtocol.FromConnection packet:
                // This entity cannot know what came before: the connection tells, under a new attachment.
                AskToAttach(packet.ConnectionNumber);
                break;
            case SessionProtocol.Connect connect when !_isLoaded && !_services.IsStoreUp:
                RefuseUnloaded(connect, _services.StoreProblem);
                break;
            case SessionTimers.PatienceOver:
                RefuseEarly(_services.StoreProblem);
                break;
            case SessionTimers.LoadRetry:
                Load();
                break;
            default:
                _early!.Add(message);
                break;
        }
    }

    private void OnLoaded(StoredClient loaded)
    {
        if (loaded.Connection is { } row)
        {
            _hasRow = true;
            _lastConnection = row.Number;
            if (row.Problem is { } problem)
            {
                SessionLog.WillLost(_services.Logger, _clientId, problem);
            }

            _will = row.Will;
            _willAuthor = row.WillAuthor;
            _expiry = row.SessionExpiry == uint.MaxValue ? TimeSpan.MaxValue : TimeSpan.FromSeconds(row.SessionExpiry);
            _isRowOpen = row.OfflineMilliseconds is null;
            _offline = TimeSpan.FromMilliseconds(row.OfflineMilliseconds ?? 0);
            _offlineSince = Now - (row.OfflineMilliseconds ?? 0);
        }

        if (loaded.Session is { } session)
        {
            _state = new DurableSessionState(session.Session, _services.CurrentLimits);
            _state.Restore(session);
            foreach (var subscription in _state.Subscriptions.Values)
            {
                _services.Routes.Restore(_state.Mark, subscription.Filter, subscription.Options);
            }
        }

        Ready();
    }

    private void Ready()
    {
        _isLoaded = true;
        if (!_areGuardsKnown)
        {
            return;
        }

        var early = _early!;
        _early = null;
        _timers.StoreAnswered();
        Become(OnReceive);

        // The end of a connection that was there before a restart may wait already: it says what becomes of the will.
        // A connection that is there, and whose entity is no more, tells so itself.
        var isSettledByMessage = _isRowOpen && early.Exists(IsOfRow);
        if (_guard is not null)
        {
            Adopt();
        }
        else if (_hasRow && _connection is null && !isSettledByMessage)
        {
            ScheduleAfterLoading();
        }

        foreach (var message in early)
        {
            HandleEarly(message);
        }

        if (_early is null)
        {
            EndIfUnused();
        }
    }

    /// <summary>What has waited. A message before it may have ended this entity, or made it load again.</summary>
    private void HandleEarly(object message)
    {
        if (_early is not null)
        {
            Loading(message);
        }
        else if (!_isEnding)
        {
            OnReceive(message);
        }
        else if (message is ISessionMessage)
        {
            Context.Parent.Tell(message);
        }
    }

    private bool IsOfRow(object message) => _lastConnection == message switch
    {
        SessionProtocol.ConnectionClosed closed => closed.ConnectionNumber,
        SessionProtocol.Attach attach => attach.Connection.Number,
        SessionProtocol.Connect connect => connect.Connection.Number,
        _ => 0,
    };

    /// <summary>The connection closed while nobody held this session: its will and its expiry have been running by the database's clock.</summary>
    private void ScheduleAfterLoading()
    {
        ScheduleWill(_offline);
        if (_expiry <= _offline)
        {
            EndSession();
            EndIfUnused();
        }
        else
        {
            _timers.Expire(_expiry - _offline);
            _timers.WaitIdle();
        }
    }

    private void OnLoadFailed(Exception problem)
    {
        if (problem.GetBaseException() is RevokedException)
        {
            StopSilently();
            return;
        }

        SessionLog.NotLoaded(_services.Logger, _clientId, problem.GetBaseException().Message);
        RefuseEarly("the session cannot be read from the database");

        _state = null;
        _hasRow = _isRowOpen = false;

        // Deliveries are repeated by their senders, and the next message of any kind tries again; the end of a connection is told once, and so is what this
        // entity was answered by itself.
        _early!.RemoveAll(static message => message is ISessionMessage and not SessionProtocol.ConnectionClosed);
        if (_early.Exists(static message => message is SessionProtocol.ConnectionClosed) && problem is not CorruptRowException)
        {
            _timers.RetryLoading();
        }
        else
        {
            PutGuardBack();
            Passivate();
        }
    }

    /// <summary>Who asked has waited long enough; loading goes on.</summary>
    private void RefuseEarly(string problem)
    {
        foreach (var connect in _early!.OfType<SessionProtocol.Connect>())
        {
            RefuseUnloaded(connect, problem);
        }

        _early!.RemoveAll(static message => message is SessionProtocol.Connect);
    }

    private static void RefuseUnloaded(SessionProtocol.Connect connect, string problem) =>
        connect.Connection.Tell(new ConnectionProtocol.SessionRefused(ReasonCode.ServerUnavailable, problem));

    private void OnIdle()
    {
        // Everything is in the store; the primary wakes this session when its will or expiry is due.
        if (_connection is null && _waiting is null && _commits.Count == 0 && _journalWait is null && _willPendingFor == 0)
        {
            Passivate();
        }
        else if (_connection is null)
        {
            _timers.WaitIdle();
        }
    }

    private sealed record LoadFailed(Exception Problem);
}
