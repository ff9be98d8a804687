using Akka.Actor;
using Broker.Actors.Connections;
using Broker.Actors.Sessions.Journal;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;
using Broker.Protocol.Topics;

namespace Broker.Actors.Sessions;

/// <summary>From the store into memory: handshakes and the connection's row, then the subscriptions from the journal.</summary>
internal sealed partial class SessionActor
{
    private List<object>? _early;
    private TimeSpan _offline;

    private void StartLoading()
    {
        _early = [];
        Become(Loading);
        _timers.WaitForStore(_services.Patience);
        LoadAsync().PipeTo(Self, failure: problem => new LoadFailed(problem));
    }

    private async Task<object> LoadAsync()
    {
        var session = await _services.Reader.LoadAsync(_clientId, CancellationToken.None).ConfigureAwait(false);
        var row = await _services.Connections.FindAsync(_clientId, CancellationToken.None).ConfigureAwait(false);
        return new Loaded(session, row);
    }

    private void Loading(object message)
    {
        switch (message)
        {
            case Loaded loaded:
                OnLoaded(loaded);
                break;
            case SessionJournal.Recovered recovered:
                OnRecovered(recovered);
                break;
            case LoadFailed failed:
                OnLoadFailed(failed.Problem);
                break;
            case Terminated terminated when _discarded.ContainsKey(terminated.ActorRef):
                OnJournalStopped(terminated.ActorRef);
                break;
            case Terminated:
                OnLoadFailed(new StorageException("the journal of the session cannot be read"));
                break;
            case StoreCommits.Due:
                _commits.Run();
                break;
            case SessionProtocol.Connect connect when !_services.IsStoreUp:
                RefuseUnloaded(connect, _services.StoreProblem);
                break;
            case SessionTimers.PatienceOver:
                RefuseEarly(_services.StoreProblem);
                break;
            case SessionTimers.LoadRetry:
                LoadAsync().PipeTo(Self, failure: problem => new LoadFailed(problem));
                break;
            default:
                _early!.Add(message);
                break;
        }
    }

    private void OnLoaded(Loaded loaded)
    {
        if (loaded.Row is { } row)
        {
            _hasRow = true;
            _lastConnection = row.Number;
            if (row.Problem is { } problem)
            {
                SessionLog.WillLost(_services.Logger, _clientId, problem);
            }

            _will = row.Will;
            _expiry = row.SessionExpiry == uint.MaxValue ? TimeSpan.MaxValue : TimeSpan.FromSeconds(row.SessionExpiry);
            _isRowOpen = row.OfflineMilliseconds is null;
            _offline = TimeSpan.FromMilliseconds(row.OfflineMilliseconds ?? 0);
            _offlineSince = Now - (row.OfflineMilliseconds ?? 0);
        }

        if (loaded.Session is not { } session)
        {
            Ready();
            return;
        }

        _state = new DurableSessionState(session.Session, _services.Limits);
        _state.Restore(session);
        OpenJournal(_state);
    }

    private void OnRecovered(SessionJournal.Recovered recovered)
    {
        var subscriber = _services.Subscribers.GetOrAdd(_clientId);
        foreach (var subscription in recovered.Subscriptions)
        {
            if (TopicFilter.TryParse(subscription.Filter, out var filter, out _))
            {
                _state!.Subscriptions[subscription.Filter] = filter!;
                _services.Routes.Subscribe(subscriber, filter!, subscription.Options);
            }
        }

        Ready();
    }

    private void Ready()
    {
        var early = _early!;
        _early = null;
        _timers.StoreAnswered();
        Become(OnReceive);

        // The end of a connection that was there before a restart may wait already: it says what becomes of the will.
        var isClosing = _isRowOpen && early.Exists(message => message is SessionProtocol.ConnectionClosed closed && closed.ConnectionNumber == _lastConnection);
        if (_hasRow && !isClosing)
        {
            ScheduleAfterLoading();
        }

        foreach (var message in early)
        {
            if (!_isEnding)
            {
                OnReceive(message);
            }
            else if (message is ISessionMessage)
            {
                Context.Parent.Tell(message);
            }
        }

        EndIfUnused();
    }

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
        SessionLog.NotLoaded(_services.Logger, _clientId, problem.GetBaseException().Message);
        RefuseEarly("the session cannot be read from the database");

        _state = null;
        _hasRow = _isRowOpen = false;

        // Deliveries are repeated by their senders, and the next message of any kind tries again; the end of a connection is told once.
        _early!.RemoveAll(static message => message is not SessionProtocol.ConnectionClosed);
        if (_early.Count > 0 && problem is not CorruptRowException)
        {
            _timers.RetryLoading();
        }
        else
        {
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
        if (_connection is null && _waiting is null && _commits.Count == 0 && _journalWaits.Count == 0 && _willPendingFor == 0)
        {
            Passivate();
        }
        else if (_connection is null)
        {
            _timers.WaitIdle();
        }
    }

    private sealed record Loaded(StoredSession? Session, StoredConnection? Row);

    private sealed record LoadFailed(Exception Problem);
}
