package frontier

import (
	"encoding/json"
	"fmt"
	"time"
)

// A Host is what is known of a host that fails, or asked to be left alone.
type Host struct {
	Name     string    `json:"-"` // as [Item.Host] gives it
	Failures int       `json:"failures,omitempty"`
	Reason   string    `json:"reason,omitempty"` // of the last failure
	Until    time.Time `json:"until,omitzero"`   // nothing of it is given by Next before
}

// Host returns what is known of a host. Of one that does well, that is its name.
func (f *Frontier) Host(name string) (h Host, err error) {
	err = f.read(func(s store) error {
		h, err = s.host(name)
		return err
	})
	return h, err
}

// SetHost keeps what is known of a host, and forgets it if that is its name
// only. It is durable when SetHost returns.
func (f *Frontier) SetHost(h Host) error {
	return f.write(func(s store) error { return s.setHost(h) })
}

// Hosts returns all hosts that something is known of, by name.
func (f *Frontier) Hosts() (hosts []Host, err error) {
	err = f.read(func(s store) error {
		return s.bucket(bucketHosts).ForEach(func(name, _ []byte) error {
			h, err := s.host(string(name))
			hosts = append(hosts, h)
			return err
		})
	})
	return hosts, err
}

func (s store) host(name string) (Host, error) {
	h := Host{Name: name}
	value := s.bucket(bucketHosts).Get([]byte(name))
	if value == nil {
		return h, nil
	}
	if err := json.Unmarshal(value, &h); err != nil {
		return h, fmt.Errorf("host %.100s: %w (%v)", name, ErrDamaged, err)
	}
	return h, nil
}

func (s store) setHost(h Host) error {
	if h.Name == "" {
		return fmt.Errorf("a host without a name")
	}
	bucket := s.bucket(bucketHosts)
	if h == (Host{Name: h.Name}) {
		if err := bucket.Delete([]byte(h.Name)); err != nil {
			return err
		}
		return s.refreshHost(h.Name)
	}
	h.Reason = h.Reason[:min(len(h.Reason), maxReason)]
	value, err := json.Marshal(h)
	if err != nil {
		return err
	}
	if err := bucket.Put([]byte(h.Name), value); err != nil {
		return err
	}
	return s.refreshHost(h.Name)
}

// refreshHost puts all queues of a host where its state says.
func (s store) refreshHost(name string) error {
	var numbers []uint32
	prefix := name + "\x00"
	c := s.bucket(bucketQueueOf).Cursor()
	for key, value := c.Seek([]byte(prefix)); len(value) == 4 && len(key) >= len(prefix) && string(key[:len(prefix)]) == prefix; key, value = c.Next() {
		numbers = append(numbers, toNumber(value))
	}
	for _, number := range numbers {
		if err := s.refresh(number); err != nil {
			return err
		}
	}
	return nil
}
